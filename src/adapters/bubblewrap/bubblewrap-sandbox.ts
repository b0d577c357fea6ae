import { RepairError } from "../../domain/errors.ts";
import { createSlots, throwIfAborted } from "../../driver/slots.ts";
import { assertTreeFits } from "../../driver/tree-size.ts";
import type { Logger } from "../../ports/logger.ts";
import type { Sandbox, SandboxCheck, SandboxLimits } from "../../ports/sandbox.ts";
import { bubblewrapSession } from "./bubblewrap-session.ts";
import { jobArguments } from "./bwrap-arguments.ts";
import { bwrapCommand } from "./bwrap-command.ts";
import { pythonFolders } from "../../driver/host-python.ts";

export type BubblewrapSandboxOptions = {
  readonly instance: string;
  /** Jobs at the same time; more wait. */
  readonly slots: number;
  readonly logger: Logger;
};

const testLimits: SandboxLimits = { memoryMb: 512, processes: 16, outputBytes: 4096, treeMb: 16 };

/** Linux with unprivileged user name spaces and bubblewrap 0.8 or newer; programs come from the host's own /usr. */
export function createBubblewrapSandbox({ instance, slots, logger }: BubblewrapSandboxOptions): Sandbox {
  const places = createSlots(slots);
  let python: Promise<readonly string[]> | null = null;
  const commandLine = async (limits: SandboxLimits) => {
    python ??= pythonFolders();
    const folders = await python;
    return bwrapCommand(jobArguments(limits, folders), folders, process.getuid?.() === 0);
  };

  const selfTest = async (): Promise<SandboxCheck> => {
    if (process.platform !== "linux") return { ok: false, detail: "bubblewrap needs Linux" };
    const command = await commandLine(testLimits);
    // an empty file unpacks to an empty tree
    const session = bubblewrapSession({
      command,
      base: "/dev/null",
      limits: testLimits,
      slots: createSlots(1),
    });
    const script = "grep -q '^CapEff:[[:space:]]*0*$' /proc/self/status && ! (: >/usr/probe) 2>/dev/null";
    const commands = [{ script, timeoutMs: 10_000, report: null }];
    try {
      const [outcome] = await session.run(
        { label: "self-test", files: [], commands },
        AbortSignal.timeout(20_000),
      );
      if (outcome?.kind === "exited" && outcome.exitCode === 0) {
        return { ok: true, detail: "bubblewrap passed its self-test" };
      }
      const said = outcome?.kind === "exited" ? outcome.stderr.trim() : "no result";
      return { ok: false, detail: `bubblewrap failed its self-test: ${said}` };
    } catch (error) {
      logger.debug({ instance, error }, "bubblewrap self-test failed");
      const detail = error instanceof Error ? error.message : String(error);
      return {
        ok: false,
        detail: `${detail} (version 0.8 or newer and unprivileged user name spaces are needed)`,
      };
    }
  };

  return {
    kind: "bubblewrap",
    environments: null,
    description:
      "bubblewrap: name spaces of its own per candidate and per command, without network, capabilities or the host's " +
      "data, with limits on time, output, files, processes and the memory of each single process; there is no " +
      "limit on memory in total and no system call filter, and the programs are the host's own.",
    async check(image) {
      if (image !== null) return { ok: false, detail: noImages(image) };
      return selfTest();
    },
    async open(request, signal) {
      throwIfAborted(signal);
      if (request.environment !== null)
        throw new RepairError("sandbox-image-missing", noImages(request.environment));
      assertTreeFits(request);
      const tested = await selfTest();
      throwIfAborted(signal);
      if (!tested.ok) throw new RepairError("sandbox-unavailable", tested.detail);
      const { limits, tree } = request;
      return bubblewrapSession({
        command: await commandLine(limits),
        base: tree.file,
        limits,
        slots: places,
      });
    },
    // the kernel ends everything with the process that started it
    reap: () => Promise.resolve(0),
  };
}

const noImages = (image: string): string =>
  `bubblewrap runs the host's own programs and cannot use the image ${image}; that needs Docker.`;
