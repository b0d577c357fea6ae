import { expect, test } from "vitest";
import { RepairError } from "../../src/domain/errors.ts";
import { unlimited } from "../../src/domain/limits.ts";
import { Interrupted } from "../../src/runs/run-control.ts";
import { writeGuard } from "../../src/runs/write-guard.ts";
import { createFixedClock } from "../fakes/fixed-clock.ts";
import { createMemoryJobQueue } from "../fakes/memory-job-queue.ts";
import { createMemoryRunStore } from "../fakes/memory-run-store.ts";
import { beginRun } from "../fixtures/begin-run.ts";

async function world() {
  const clock = createFixedClock();
  const runs = createMemoryRunStore(createMemoryJobQueue(), { clock });
  const { claim } = await beginRun(runs);
  const abort = new AbortController();
  let [asked, shift] = [0, 0];
  const late: number[] = [];
  const counting = {
    heartbeat: async () => {
      asked += 1;
      const orders = await runs.heartbeat(claim);
      clock.advance(late.shift() ?? 0);
      return orders;
    },
  };
  return {
    clock,
    runs,
    abort,
    mayWrite: writeGuard({ runs: counting, clock: { now: () => clock.now() + shift } }, claim, abort.signal),
    putBack: (milliseconds: number) => (shift -= milliseconds),
    asked: () => asked,
    /** How long the next answers take, in milliseconds. */
    late,
    loseRun: async () => {
      clock.advance(31_000);
      await runs.recover();
      await runs.claim("worker-2", unlimited);
    },
  };
}

test("asks the store before a write, and not again at once", async () => {
  const { mayWrite, asked, clock } = await world();

  await mayWrite();
  await mayWrite();
  expect(asked()).toBe(1);

  clock.advance(1_000);
  await mayWrite();
  expect(asked()).toBe(2);
});

test("asks again after the clock was put back", async () => {
  const { mayWrite, asked, putBack } = await world();
  await mayWrite();

  putBack(3_600_000);
  await mayWrite();

  expect(asked()).toBe(2);
});

test("a run that another worker has may not be written", async () => {
  const { mayWrite, loseRun } = await world();
  await mayWrite();
  await loseRun();

  await expect(mayWrite()).rejects.toMatchObject({ code: "lease-lost" });
});

test("a worker that gave its run up may not write it, whatever the store says", async () => {
  const { mayWrite, abort, asked } = await world();
  await mayWrite();
  abort.abort(new Interrupted({ kind: "lease-lost" }));

  await expect(mayWrite()).rejects.toMatchObject({ code: "lease-lost" });
  expect(asked()).toBe(1);
});

test("an answer that was slept over is asked for again", async () => {
  const { mayWrite, asked, late } = await world();
  late.push(60_000);

  await mayWrite();

  expect(asked()).toBe(2);
});

test("a store that always answers late keeps the run from being written", async () => {
  const { mayWrite, late } = await world();
  late.push(...Array.from({ length: 10 }, () => 1_000));

  await expect(mayWrite()).rejects.toMatchObject({ code: "store-unavailable" });
});

test("a store that is away keeps the run from being written", async () => {
  const { clock, abort, runs } = await world();
  const { claim } = await beginRun(runs);
  const away = {
    heartbeat: () => Promise.reject(new RepairError("store-unavailable", "The database is away.")),
  };

  await expect(writeGuard({ runs: away, clock }, claim, abort.signal)()).rejects.toMatchObject({
    code: "store-unavailable",
  });
});
