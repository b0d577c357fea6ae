import { driverScript, fastTar } from "../../driver/driver-script.ts";
import { layout, maxFileBytes } from "../../driver/sandbox-layout.ts";
import type { SandboxLimits } from "../../ports/sandbox.ts";
import { memoryFolders } from "./memory-folders.ts";
import { descriptors, innerWall, outerWall, type WallParts } from "./walls.ts";

export type JobParts = {
  readonly label: string;
  readonly limits: SandboxLimits;
  /** Files in the tree. */
  readonly treeFiles: number;
  /** Folders outside of /usr that the host's python3 needs. */
  readonly python: readonly string[];
  /** Folder of the host with what set-up steps left, null for none. */
  readonly environment: string | null;
  /** Arguments that show the driver how many processes the kernel killed for memory. */
  readonly killCount: readonly string[];
  /** Most bytes of the tar that a warm-up stores on its descriptor, null for a job. */
  readonly storeBytes: number | null;
};

/**
 * Arguments of bwrap for one job. The outer wall holds the driver and the memory file systems. The driver puts a second
 * wall around every command, so that a command can neither see nor signal the driver although both have the same user id.
 */
export function jobArguments(job: JobParts): string[] {
  const { limits, python, environment, storeBytes } = job;
  const walls: WallParts = {
    python,
    processes: limits.processes,
    fileBytes: maxFileBytes,
    environment: environment === null ? null : { folder: environment, writable: false },
    shown: [],
    proxySocket: null,
    folders: memoryFolders(limits.treeMb, job.treeFiles),
    extra: job.killCount,
    label: job.label,
  };
  const script = driverScript({
    tools: ["bwrap", "prlimit"],
    unpack: unpackBase,
    asUser: '"$@"',
    // the kernel, when it runs out of memory, shall end a command and not the driver
    run: `echo 1000 >/proc/self/oom_score_adj; exec timeout -s KILL "$1" ${innerWall(walls, '"$2"')}`,
    outputBytes: limits.outputBytes,
    ...(storeBytes === null ? {} : { store: `head -c ${storeBytes} >&${descriptors.warmed} && ! read -r _` }),
  });
  return outerWall(walls, script);
}

/** An empty base unpacks to an empty tree. */
export const unpackBase = `got=0; [ ! -s /proc/self/fd/${descriptors.base} ] || ${fastTar} tar -x -f - -C ${layout.tree} --no-same-owner <&${descriptors.base} || got=1; exec ${descriptors.base}<&-; [ $got -eq 0 ]`;
