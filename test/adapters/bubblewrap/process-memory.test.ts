import { expect, test } from "vitest";
import { memoryKb, shareKb, takenKb } from "../../../src/adapters/bubblewrap/process-memory.ts";

test("counts what a process alone pays for, swapped or shared, but no file's pages", () => {
  const status =
    "Name:\tRssAnon: 1 kB\nVmRSS:\t  900 kB\nRssAnon:\t  100 kB\nRssFile:\t  500 kB\nRssShmem:\t  20 kB\nVmSwap:\t 3 kB\n";

  expect(memoryKb(status)).toBe(123);
});

test("counts a process's share of what it has in common with others", () => {
  const rollup =
    "55e4-7ffd ---p 00000000 00:00 0    [rollup]\nRss: 900 kB\nPss: 700 kB\nPss_Anon: 50 kB\nPss_File: 600 kB\nPss_Shmem: 10 kB\nSwapPss: 1 kB\n";

  expect(shareKb(rollup)).toBe(61);
});

test("knows that a kernel before 5.4 does not say it", () => {
  expect(shareKb("55e4-7ffd ---p 00000000 00:00 0    [rollup]\nRss: 900 kB\nPss: 700 kB\n")).toBeNull();
});

test("takes processes with one layout for one at least, and for different ones at most", () => {
  const { least, most } = takenKb([process.pid, process.pid]);

  expect(least).toBeGreaterThan(10_000);
  expect(most).toBeGreaterThan(1.5 * least);
});

test("counts nothing for a process that has ended", () => {
  expect(takenKb([2 ** 30])).toEqual({ most: 0, least: 0 });
});
