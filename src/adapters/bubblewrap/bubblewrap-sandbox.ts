import { RepairError } from "../../domain/errors.ts";
import { remember } from "../../driver/remember.ts";
import { createSlots, throwIfAborted } from "../../driver/slots.ts";
import { assertTreeFits } from "../../driver/tree-size.ts";
import { removeLeftWays } from "../../driver/way-folder.ts";
import type { Logger } from "../../ports/logger.ts";
import type { Sandbox } from "../../ports/sandbox.ts";
import { bubblewrapSession } from "./bubblewrap-session.ts";
import type { BubblewrapEnvironments } from "./environment-folder.ts";
import { findHost, findLimiter } from "./host.ts";
import { ownLabel } from "./own-label.ts";
import { reapProcesses } from "./reap-processes.ts";
import { selfTest } from "./self-test.ts";

const nobody = 65_534;

export type BubblewrapSandboxOptions = {
  readonly instance: string;
  /** Jobs at the same time; more wait. */
  readonly slots: number;
  /** What fills the folders that sessions may name as their environment; null means there are none. */
  readonly environments?: BubblewrapEnvironments | null;
  readonly logger: Logger;
};

/** Linux with unprivileged user name spaces and bubblewrap 0.8 or newer; programs come from the host's own /usr. */
export function createBubblewrapSandbox(options: BubblewrapSandboxOptions): Sandbox {
  const { instance, logger } = options;
  const slots = createSlots(options.slots);
  const useEnvironment = (reference: string) => useFolder(options.environments ?? null, reference);
  const label = ownLabel(instance);
  const limiter = remember(() => findLimiter(label, logger));
  const host = remember(() => findHost(label, limiter));
  let passed = false;
  const test = async () => {
    const result = await selfTest(host, logger);
    passed = result.ok;
    return result;
  };

  return {
    kind: "bubblewrap",
    environments: options.environments ?? null,
    description:
      "bubblewrap: name spaces of its own per candidate and per command, without network, capabilities or the host's " +
      "data, under a system call filter and limits on memory, processes, disk, files, output and time (memory exactly " +
      "where control groups can be made, else watched); the host's kernel is shared, and the programs are the host's own.",
    async check(image) {
      if (image !== null) return { ok: false, detail: noImages(image) };
      return test();
    },
    async open(request, signal) {
      throwIfAborted(signal);
      assertTreeFits(request);
      const tested = passed ? null : await test();
      throwIfAborted(signal);
      if (tested?.ok === false) throw new RepairError("sandbox-unavailable", tested.detail);
      const most = options.slots + 1;
      const found = await host();
      const { environment } = request;
      const release = environment === null ? () => Promise.resolve() : await useEnvironment(environment);
      return bubblewrapSession({ host: found, request, slots, most, useEnvironment, release, logger });
    },
    async reap() {
      await removeLeftWays();
      return (await reapProcesses(label, sandboxOwners())) + (await (await limiter()).reap());
    },
  };
}

/** An environment is a folder that the builder filled, and no other: a repository's settings may name anything. */
async function useFolder(
  environments: BubblewrapEnvironments | null,
  reference: string,
): Promise<() => Promise<void>> {
  const release = (await environments?.use(reference)) ?? null;
  if (release === null) throw new RepairError("sandbox-image-missing", noImages(reference));
  return release;
}

/** Root's sandboxes become nobody's, after some steps as root. */
const sandboxOwners = (): readonly number[] => {
  const own = process.getuid?.() ?? 0;
  return own === 0 ? [own, nobody] : [own];
};

const noImages = (image: string): string =>
  `bubblewrap runs the host's own programs and cannot use the image ${image}; that needs Docker.`;
