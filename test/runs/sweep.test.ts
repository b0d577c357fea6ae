import { expect, test } from "vitest";
import { startSweep } from "../../src/runs/sweep.ts";
import { createFixedClock } from "../fakes/fixed-clock.ts";
import { createMemoryJobQueue } from "../fakes/memory-job-queue.ts";
import { createMemoryRunStore } from "../fakes/memory-run-store.ts";
import { createSilentLogger } from "../fakes/silent-logger.ts";

const turns = () => new Promise((resolve) => setTimeout(resolve, 20));

/** A clock on which nobody's sleep ends before the test says so. */
function heldClock() {
  const clock = createFixedClock();
  const sleeping = new Set<() => void>();
  return {
    now: clock.now,
    sleep: (_ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        sleeping.add(resolve);
        signal?.addEventListener("abort", () => reject(new Error("stopped")));
      }),
    advance(milliseconds: number) {
      clock.advance(milliseconds);
      for (const wake of sleeping) wake();
      sleeping.clear();
    },
  };
}

test("two processes sweep once in five minutes between them, at the start and then again", async () => {
  const clock = heldClock();
  const runs = createMemoryRunStore(createMemoryJobQueue(), { clock });
  const sweeps: string[] = [];
  const start = (name: string) =>
    startSweep({ runs, clock, logger: createSilentLogger(), reconcile: async () => sweeps.push(name) });
  const both = [start("a"), start("b")];
  await turns();
  expect(sweeps).toHaveLength(1);

  clock.advance(5 * 60_000);
  await turns();

  expect(sweeps).toHaveLength(2);
  await Promise.all(both.map((one) => one.stop()));
});

test("a process that starts after a crash sweeps at once, whoever's turn it was last", async () => {
  const clock = heldClock();
  const runs = createMemoryRunStore(createMemoryJobQueue(), { clock });
  let sweeps = 0;
  const start = () =>
    startSweep({ runs, clock, logger: createSilentLogger(), reconcile: async () => (sweeps += 1) });
  // never stopped: its process was killed
  start();
  await turns();
  clock.advance(5 * 60_000);
  await turns();
  expect(sweeps).toBe(2);

  clock.advance(30_000);
  const next = start();
  await turns();

  expect(sweeps).toBe(3);
  await next.stop();
});

test("a sweep that throws is logged, and the next one comes", async () => {
  const clock = heldClock();
  const runs = createMemoryRunStore(createMemoryJobQueue(), { clock });
  const logger = createSilentLogger();
  let sweeps = 0;
  const sweep = startSweep({
    runs,
    clock,
    logger,
    reconcile: () => Promise.reject(new Error(`${++sweeps}`)),
  });
  await turns();
  clock.advance(5 * 60_000);
  await turns();
  await sweep.stop();

  expect(sweeps).toBe(2);
  expect(logger.lines).toMatchObject([{ level: "warn" }, { level: "warn" }]);
});

test("a sweep that hangs does not keep the process from stopping", async () => {
  const clock = heldClock();
  const runs = createMemoryRunStore(createMemoryJobQueue(), { clock });
  const sweep = startSweep({
    runs,
    clock,
    logger: createSilentLogger(),
    reconcile: () => new Promise(() => {}),
  });
  await turns();

  await expect(sweep.stop()).resolves.toBeUndefined();
});
