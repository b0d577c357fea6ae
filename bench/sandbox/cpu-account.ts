import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A control group whose processor time is counted, descendants and the dead included. */
export type CpuAccount = {
  /** As an engine's `--cgroup-parent` wants it. */
  readonly path: string;
  /** File that a process writes its id into to be counted from then on. */
  readonly joinFile: string;
  /** Processor milliseconds used so far. */
  usedMs(): number;
  /** The part of it that was spent inside of containers; the rest is the engine's. */
  containersMs(): number;
  remove(): void;
};

const v1 = "/sys/fs/cgroup/cpuacct";
const v2 = "/sys/fs/cgroup";

/** Needs root. Throws with what to do where control groups cannot be made. */
export function createCpuAccount(name: string): CpuAccount {
  const legacy = existsSync(v1);
  const folder = join(legacy ? v1 : v2, name);
  const used = (group: string) => (legacy ? nanoseconds(group) / 1e6 : microseconds(group) / 1e3);
  const processes = legacy ? folder : join(folder, "processes");
  try {
    mkdirSync(processes, { recursive: true });
    if (!legacy) writeFileSync(join(folder, "cgroup.subtree_control"), "");
  } catch (error) {
    throw new Error(`the control group ${folder} cannot be made: run this as root`, { cause: error });
  }
  return {
    path: `/${name}/containers`,
    joinFile: join(processes, "cgroup.procs"),
    usedMs: () => used(folder),
    containersMs: () => used(join(folder, "containers")),
    remove() {
      for (const path of [join(folder, "containers"), processes, folder]) {
        try {
          rmdirSync(path);
        } catch {
          // still in use by a process that is ending; an empty group costs nothing
        }
      }
    },
  };
}

const nanoseconds = (folder: string): number => Number(readFileSync(join(folder, "cpuacct.usage"), "utf8"));

const microseconds = (folder: string): number =>
  Number(/^usage_usec (\d+)/m.exec(readFileSync(join(folder, "cpu.stat"), "utf8"))?.[1] ?? Number.NaN);
