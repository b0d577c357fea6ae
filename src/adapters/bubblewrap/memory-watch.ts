import { readdirSync, readFileSync } from "node:fs";
import type { MemoryLimiter, OnAbove } from "./memory-limit.ts";
import { createProcessTree, type ProcessTree } from "./process-tree.ts";

/** Milliseconds between two looks: what hostile code can take in that time is how far it gets above its limit. */
const interval = 100;
/** Looks after the command in flight was killed until the sandbox is. */
const patience = 10;
/** The host itself is about to run out: what jobs take without being seen (unmapped shared memory, buffers) shows only here. */
const leastAvailable = (totalKb: number): number => Math.min(256 * 1024, totalKb / 25);

type Watched = {
  readonly root: number;
  readonly limitKb: number;
  readonly onAbove: OnAbove;
  /** Looks since the command in flight was killed, null while none was. */
  since: number | null;
};

/**
 * For hosts where no control groups can be made: the memory of all processes of every job is summed ten times a second.
 * Memory file systems have size limits of their own.
 */
export function memoryWatch(): MemoryLimiter {
  const watched = new Set<Watched>();
  const tree = createProcessTree();
  let timer: NodeJS.Timeout | null = null;

  const look = () => {
    tree.update(
      readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? Number(name) : [])),
      [...watched].map(({ root }) => root),
    );
    const scarce = isScarce(readOrNull("/proc/meminfo") ?? "");
    for (const job of watched) {
      const members = tree.members(job.root);
      const used = members.reduce((sum, pid) => sum + memoryKb(readOrNull(`/proc/${pid}/status`) ?? ""), 0);
      if (job.since !== null) job.since += 1;
      if (used <= job.limitKb && !scarce) job.since = null;
      else if (job.since === null) {
        job.since = 0;
        job.onAbove("command");
        killCommand(tree, job.root);
      } else if (job.since > patience) {
        job.onAbove("sandbox");
      }
    }
  };
  const stop = (job: Watched) => {
    watched.delete(job);
    if (watched.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };

  return {
    detail: "memory summed ten times a second, since no control groups can be made here",
    job(limits) {
      let job: Watched | null = null;
      return Promise.resolve({
        enter: "",
        killCount: [],
        watch(root, onAbove) {
          job = { root, limitKb: limits.memoryMb * 1024, onAbove, since: null };
          watched.add(job);
          timer ??= setInterval(look, interval).unref();
        },
        killed: () => Promise.resolve(false),
        release() {
          if (job !== null) stop(job);
          return Promise.resolve();
        },
      });
    },
    // the kernel ends everything with the process that started it
    reap: () => Promise.resolve(0),
  };
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, "latin1");
  } catch {
    // the process ended
    return null;
  }
}

/** Kilobytes of a process that no other process pays for and that are no file's: of `/proc/PID/status`. */
export function memoryKb(status: string): number {
  let sum = 0;
  for (const match of status.matchAll(/^(?:RssAnon|RssShmem|VmSwap):\s+(\d+) kB$/gm)) sum += Number(match[1]);
  return sum;
}

function isScarce(memInfo: string): boolean {
  const field = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(memInfo)?.[1] ?? Infinity);
  const total = field("MemTotal");
  return Number.isFinite(total) && field("MemAvailable") < leastAvailable(total);
}

/** The driver is the child of the child of bwrap; its own children are the command in flight and its dead-man switch. */
function killCommand(tree: ProcessTree, root: number): void {
  for (const first of tree.children(root)) {
    for (const driver of tree.children(first).slice(0, 1)) {
      for (const child of tree.children(driver)) kill(child);
    }
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // ended by itself
  }
}
