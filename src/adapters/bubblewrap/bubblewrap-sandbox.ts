import { readFile, stat } from "node:fs/promises";
import { RepairError } from "../../domain/errors.ts";
import { pythonFolders } from "../../driver/host-python.ts";
import { remember } from "../../driver/remember.ts";
import { createSlots, throwIfAborted } from "../../driver/slots.ts";
import { assertTreeFits } from "../../driver/tree-size.ts";
import { removeLeftWays } from "../../driver/way-folder.ts";
import type { Logger } from "../../ports/logger.ts";
import type { Sandbox } from "../../ports/sandbox.ts";
import { bubblewrapSession } from "./bubblewrap-session.ts";
import { callFilter } from "./call-filter.ts";
import { controlGroups } from "./control-groups.ts";
import type { BubblewrapEnvironments } from "./environment-folder.ts";
import { findGroupPlaces } from "./group-places.ts";
import type { MemoryLimiter } from "./memory-limit.ts";
import { memoryWatch } from "./memory-watch.ts";
import { ownLabel, type OwnLabel } from "./own-label.ts";
import { reapProcesses } from "./reap-processes.ts";
import { selfTest } from "./self-test.ts";
import type { Host } from "./session-sandboxes.ts";

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
  const assertEnvironment = (reference: string) => assertFolder(options.environments ?? null, reference);
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
      if (request.environment !== null) await assertEnvironment(request.environment);
      assertTreeFits(request);
      const tested = passed ? null : await test();
      throwIfAborted(signal);
      if (tested?.ok === false) throw new RepairError("sandbox-unavailable", tested.detail);
      const most = options.slots + 1;
      return bubblewrapSession({ host: await host(), request, slots, most, assertEnvironment, logger });
    },
    async reap() {
      await removeLeftWays();
      return (await reapProcesses(label)) + (await (await limiter()).reap());
    },
  };
}

export async function findHost(label: OwnLabel, limiter: () => Promise<MemoryLimiter>): Promise<Host> {
  const filters = { driver: callFilter("driver"), commands: callFilter("commands") };
  const [python, memory] = await Promise.all([pythonFolders(), limiter()]);
  return { label: label.own, python, limiter: memory, filters, asRoot: process.getuid?.() === 0 };
}

export async function findLimiter(label: OwnLabel, logger: Logger): Promise<MemoryLimiter> {
  const read = (path: string) => readFile(path, "utf8").catch(() => "");
  const [mountInfo, groups] = await Promise.all([read("/proc/self/mountinfo"), read("/proc/self/cgroup")]);
  const places = await findGroupPlaces({ mountInfo, groups }, process.pid);
  return places === null ? memoryWatch() : controlGroups(places, label, logger);
}

/** An environment is a folder that the builder filled, and no other: a repository's settings may name anything. */
async function assertFolder(environments: BubblewrapEnvironments | null, reference: string): Promise<void> {
  const folder = environments?.holds(reference) === true ? await stat(reference).catch(() => null) : null;
  if (folder?.isDirectory() !== true) throw new RepairError("sandbox-image-missing", noImages(reference));
}

const noImages = (image: string): string =>
  `bubblewrap runs the host's own programs and cannot use the image ${image}; that needs Docker.`;
