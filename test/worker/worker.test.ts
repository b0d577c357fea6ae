import { expect, test } from "vitest";
import { RepairError } from "../../src/domain/errors.ts";
import type { Claim, RunStore } from "../../src/ports/run-store.ts";
import { startWorker, type WorkerDependencies } from "../../src/worker/worker.ts";
import { createFixedClock } from "../fakes/fixed-clock.ts";
import { createMemoryJobQueue } from "../fakes/memory-job-queue.ts";
import { createMemoryRunStore } from "../fakes/memory-run-store.ts";
import { createSilentLogger } from "../fakes/silent-logger.ts";
import { makeRunRequest } from "../fixtures/run-request.ts";

type Execute = WorkerDependencies["executeRun"];

/** A worker with one run in its queue, at the moment when `execute` has been called with it. */
async function workOn(execute: (runs: RunStore) => Execute) {
  const queue = createMemoryJobQueue();
  const runs = createMemoryRunStore(queue);
  const request = await runs.request(makeRunRequest());
  const called: Claim[] = [];
  const worker = await startWorker({
    runs,
    queue,
    clock: createFixedClock(),
    logger: createSilentLogger(),
    owner: "worker-1",
    concurrency: 1,
    handleDelivery: () => Promise.resolve(),
    executeRun: async (claim, signal) => {
      called.push(claim);
      await execute(runs)(claim, signal);
    },
  });
  await expect.poll(() => called.length).toBeGreaterThan(0);
  const state = async () => (await runs.run(request.run.id))?.state;
  return { worker, runs, called, state, id: request.run.id };
}

test("a run whose execution throws ends as failed and is not left running", async () => {
  const { worker, state, called } = await workOn(() => () => Promise.reject(new Error("a defect")));

  await expect.poll(state).toEqual({ at: "failed", code: "internal" });
  await worker.stop();
  expect(called).toHaveLength(1);
});

test("a run whose execution throws while the worker stops goes back to the queue", async () => {
  const { worker, state } = await workOn(() => async (_, signal) => {
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    throw new Error("the store is closed");
  });

  await worker.stop();

  expect(await state()).toEqual({ at: "queued" });
});

test("a run that another worker has taken over is left alone", async () => {
  const { worker, state } = await workOn((runs) => async (claim) => {
    await runs.release(claim);
    await runs.claim(claim.run.id, "worker-2");
    throw new RepairError("lease-lost", "taken over");
  });
  await worker.stop();

  expect(await state()).toMatchObject({ at: "running" });
});

test("a cancel aborts the run with who asked, and asks no more", async () => {
  let asked = 0;
  let reason: unknown = null;
  const { worker } = await workOn((runs) => async (claim, signal) => {
    const counting = runs.cancelRequested.bind(runs);
    runs.cancelRequested = (held) => {
      asked += 1;
      return counting(held);
    };
    await runs.requestCancel(claim.run.id, "mona");
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    reason = signal.reason;
    await new Promise((resolve) => setTimeout(resolve, 20));
    await runs.release(claim);
  });
  await worker.stop();

  expect({ asked, reason: String(reason) }).toEqual({ asked: 1, reason: "Error: cancelled by mona" });
});
