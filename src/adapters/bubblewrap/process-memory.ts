import { readFileSync } from "node:fs";

/** Kilobytes of one job whose pages the kernel walks for exact figures, about a millisecond for 100 MB. */
const mostWalked = 8 * 1024 * 1024;

/** What processes take together, in kilobytes. */
export type Taken = {
  /** As if all were different. */
  readonly most: number;
  /**
   * As if those with the same layout were one. They are between `vfork` and `exec`, when parent and child are two
   * processes with one memory; after a `fork` they are not, so what looks alike for long is not one.
   */
  readonly least: number;
};

/**
 * Memory that only these processes hold, with pages that they share counted once (`/proc/PID/smaps_rollup`, Linux 5.4).
 * What cannot be read so, or would take too long, counts as `memoryKb` does.
 */
export function takenKb(pids: readonly number[]): Taken {
  const seen = new Set<string>();
  let [most, least, walked] = [0, 0, 0];
  for (const pid of pids) {
    const resident = residentKb([pid]);
    walked += resident;
    const rollup = walked <= mostWalked ? (readOrNull(`/proc/${pid}/smaps_rollup`) ?? "") : "";
    const kb = shareKb(rollup) ?? resident;
    most += kb;
    const layout = rollup.slice(0, rollup.indexOf("\n"));
    if (layout === "" || !seen.has(layout)) least += kb;
    seen.add(layout);
  }
  return { most, least };
}

/** At least what the processes take together, cheap to read: what they share is counted for each. */
export const residentKb = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => sum + memoryKb(readOrNull(`/proc/${pid}/status`) ?? ""), 0);

/** Kilobytes of a process that are no file's: of `/proc/PID/status`. */
export const memoryKb = (status: string): number =>
  sumKb(status.matchAll(/^(?:RssAnon|RssShmem|VmSwap):\s+(\d+) kB$/gm)) ?? 0;

/** The same by the process's share of each page: of `/proc/PID/smaps_rollup`; null where the kernel does not say. */
export const shareKb = (rollup: string): number | null =>
  sumKb(rollup.matchAll(/^(?:Pss_Anon|Pss_Shmem|SwapPss):\s+(\d+) kB$/gm));

function sumKb(matches: Iterable<RegExpMatchArray>): number | null {
  const sizes = [...matches].map(([, kb]) => Number(kb));
  return sizes.length === 0 ? null : sizes.reduce((sum, kb) => sum + kb, 0);
}

/** Null for a process that has ended, or that may not be looked at. */
export function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return null;
  }
}
