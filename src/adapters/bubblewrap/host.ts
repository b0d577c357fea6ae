import { readFile } from "node:fs/promises";
import { pythonFolders } from "../../driver/host-python.ts";
import type { Logger } from "../../ports/logger.ts";
import { callFilter } from "./call-filter.ts";
import { controlGroups } from "./control-groups.ts";
import { findGroupPlaces } from "./group-places.ts";
import type { MemoryLimiter } from "./memory-limit.ts";
import { memoryWatch } from "./memory-watch.ts";
import type { OwnLabel } from "./own-label.ts";

/** What all sandboxes of this machine have in common. */
export type Host = {
  /** In the command line of every sandbox. */
  readonly label: string;
  /** Folders outside of /usr that the host's python3 needs. */
  readonly python: readonly string[];
  readonly limiter: MemoryLimiter;
  readonly filters: { readonly driver: Buffer; readonly commands: Buffer };
  readonly asRoot: boolean;
};

export async function findHost(label: OwnLabel, limiter: () => Promise<MemoryLimiter>): Promise<Host> {
  const filters = { driver: callFilter("driver"), commands: callFilter("commands") };
  const [python, memory] = await Promise.all([pythonFolders(), limiter()]);
  return { label: label.own, python, limiter: memory, filters, asRoot: process.getuid?.() === 0 };
}

/** Control groups where this process may make some, else the memory watch. */
export async function findLimiter(label: OwnLabel, logger: Logger): Promise<MemoryLimiter> {
  const read = (path: string) => readFile(path, "utf8").catch(() => "");
  const [mountInfo, groups] = await Promise.all([read("/proc/self/mountinfo"), read("/proc/self/cgroup")]);
  const places = await findGroupPlaces({ mountInfo, groups }, process.pid);
  return places === null ? memoryWatch() : controlGroups(places, label, logger);
}
