import { expect, test } from "vitest";
import { unlimited } from "../../src/domain/limits.ts";
import { startWorker } from "../../src/worker/worker.ts";
import { createFixedClock } from "../fakes/fixed-clock.ts";
import { createMemoryJobQueue } from "../fakes/memory-job-queue.ts";
import { createMemoryRunStore } from "../fakes/memory-run-store.ts";
import { createSilentLogger } from "../fakes/silent-logger.ts";
import { makeRunRequest, policy } from "../fixtures/run-request.ts";

test("what a run has used is told while it works", async () => {
  const queue = createMemoryJobQueue();
  const clock = createFixedClock();
  const runs = createMemoryRunStore(queue, { clock });
  await runs.request(makeRunRequest(), policy);
  const told: (number | undefined)[] = [];
  const worker = await startWorker({
    runs: {
      ...runs,
      heartbeat: (claim, tokens) => {
        told.push(tokens);
        return runs.heartbeat(claim, tokens);
      },
    },
    queue,
    clock,
    logger: createSilentLogger(),
    owner: "worker-1",
    concurrency: 1,
    limits: unlimited,
    leaseMs: 30_000,
    drainMs: 0,
    handleDelivery: () => Promise.resolve(),
    executeRun: async (_claim, { signal, meter }) => {
      meter?.(() => 42);
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    },
  });

  await expect.poll(() => told.at(-1)).toBe(42);
  await worker.stop();
});
