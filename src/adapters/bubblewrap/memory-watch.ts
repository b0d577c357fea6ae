import { readdirSync } from "node:fs";
import { memoryFilesKb } from "./memory-files.ts";
import type { MemoryLimiter, OnAbove } from "./memory-limit.ts";
import { readOrNull, residentKb, takenKb } from "./process-memory.ts";
import { createProcessTree, type ProcessTree } from "./process-tree.ts";

/** Milliseconds between two looks: what hostile code can take in that time is how far it gets above its limit. */
const interval = 100;
/** Looks after the command in flight was killed until the sandbox is. */
const patience = 10;
/** Looks for which processes with the same layout may be one memory: a `vfork` is over in a thousandth of a second. */
const doubts = 5;
/** The host itself is about to run out: what jobs take without being seen (unmapped shared memory, buffers) shows only here. */
const leastFree = (totalKb: number): number => Math.min(256 * 1024, totalKb / 25);

type Watched = {
  readonly root: number;
  readonly limitKb: number;
  readonly onAbove: OnAbove;
  /** Looks since the command in flight was killed, null while none was. */
  since: number | null;
  /** Looks in a row at which it was above its limit only if processes with the same layout are different. */
  doubted: number;
};

/**
 * For hosts where no control groups can be made: the memory of all processes of every job is summed ten times a second.
 * Memory file systems have size limits of their own. A job within its limit is ended only while the host itself runs out
 * and no other is above its own, and of those the largest alone.
 */
export function memoryWatch(
  readMemInfo: () => string = () => readOrNull("/proc/meminfo") ?? "",
): MemoryLimiter {
  const watched = new Set<Watched>();
  const tree = createProcessTree();
  let timer: NodeJS.Timeout | null = null;

  let largest: Watched | null = null;
  /** Looks until another one may be chosen: the kernel needs its time to take back what the last one had. */
  let rest = 0;

  const look = () => {
    tree.update(
      readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? Number(name) : [])),
      [...watched].map(({ root }) => root),
    );
    const above = [...watched].filter((job) => isAbove(job, tree.members(job.root)));
    rest = Math.max(0, rest - 1);
    if (above.length > 0 || !isScarce(readMemInfo())) largest = null;
    else if (rest === 0 && (largest === null || !watched.has(largest))) {
      largest = largestOf(tree, [...watched]);
      rest = patience;
    }
    for (const job of watched) {
      const because = above.includes(job) ? "limit" : "host";
      if (because === "host" && job !== largest) {
        job.since = null;
        continue;
      }
      if (job.since === null) {
        job.since = 0;
        job.onAbove("command", because);
        killCommand(tree, job.root);
        continue;
      }
      job.since += 1;
      if (job.since > patience) job.onAbove("sandbox", because);
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
          job = { root, limitKb: limits.memoryMb * 1024, onAbove, since: null, doubted: 0 };
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

/** Looks at the job once, and counts when that leaves a doubt. */
function isAbove(job: Watched, members: readonly number[]): boolean {
  const suspicious = residentKb(members) > job.limitKb;
  const { least, most } = suspicious ? takenKb(members) : { least: 0, most: 0 };
  job.doubted = most > job.limitKb ? job.doubted + 1 : 0;
  return least > job.limitKb || job.doubted > doubts;
}

/** By what can be seen, files in memory that no process has mapped included. */
function largestOf(tree: ProcessTree, jobs: readonly Watched[]): Watched | null {
  const sized = jobs.map((job) => {
    const members = tree.members(job.root);
    return { job, kb: takenKb(members).most + memoryFilesKb(members) };
  });
  return sized.sort((one, other) => other.kb - one.kb)[0]?.job ?? null;
}

/** Whether a `/proc/meminfo` is that of a host that is about to run out, swap included. */
export function isScarce(memInfo: string): boolean {
  const field = (name: string): number | null => {
    const [, kb] = new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(memInfo) ?? [];
    return kb === undefined ? null : Number(kb);
  };
  const [total, available, swap] = [field("MemTotal"), field("MemAvailable"), field("SwapFree")];
  return total !== null && available !== null && available + (swap ?? 0) < leastFree(total);
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
