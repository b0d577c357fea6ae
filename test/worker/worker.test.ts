import { expect, test } from "vitest";
import { unlimited } from "../../src/domain/limits.ts";
import { RepairError } from "../../src/domain/errors.ts";
import type { Claim, RunStore } from "../../src/ports/run-store.ts";
import { interruptOf, type RunControl } from "../../src/runs/run-control.ts";
import { startWorker, type WorkerDependencies } from "../../src/worker/worker.ts";
import { createFixedClock } from "../fakes/fixed-clock.ts";
import { createMemoryJobQueue } from "../fakes/memory-job-queue.ts";
import { createMemoryRunStore } from "../fakes/memory-run-store.ts";
import { createSilentLogger } from "../fakes/silent-logger.ts";
import { makeRunRequest, policy } from "../fixtures/run-request.ts";

type Execute = WorkerDependencies["executeRun"];

const aborted = (signal: AbortSignal): Promise<unknown> =>
  new Promise((resolve) => signal.addEventListener("abort", resolve));

type Options = Partial<Pick<WorkerDependencies, "drainMs" | "concurrency" | "handleDelivery">> & {
  /** Changes the store that the worker sees. */
  readonly change?: (runs: RunStore) => RunStore;
  readonly requests?: number;
};

/** A worker with runs in its queue, at the moment when `execute` has been called with the first. */
async function workOn(execute: (runs: RunStore) => Execute, options: Options = {}) {
  const queue = createMemoryJobQueue();
  const clock = createFixedClock();
  const runs = createMemoryRunStore(queue, { clock });
  await runs.recover();
  const ids: string[] = [];
  for (let request = 0; request < (options.requests ?? 1); request++) {
    const outcome = await runs.request(makeRunRequest(), policy);
    if (outcome.kind === "created") ids.push(outcome.run.id);
  }
  const called: Claim[] = [];
  const worker = await startWorker({
    runs: options.change?.(runs) ?? runs,
    queue,
    clock,
    logger: createSilentLogger(),
    owner: "worker-1",
    concurrency: options.concurrency ?? 1,
    limits: unlimited,
    leaseMs: 30_000,
    drainMs: options.drainMs ?? 0,
    handleDelivery: options.handleDelivery ?? (() => Promise.resolve()),
    executeRun: async (claim, control) => {
      called.push(claim);
      await execute(runs)(claim, control);
    },
  });
  await expect.poll(() => called.length).toBeGreaterThan(0);
  const [id = ""] = ids;
  return { worker, runs, called, id, state: async () => (await runs.run(id))?.state };
}

const declined = { kind: "ended", state: { at: "declined", reason: "no-candidate" } } as const;

test("runs are worked one after the other until none waits", async () => {
  const { worker, called } = await workOn(
    (runs) => async (claim) => void (await runs.advance(claim, declined)),
    { requests: 5 },
  );

  await expect.poll(() => called.length).toBe(5);
  await worker.stop();
  expect(new Set(called.map(({ run }) => run.id)).size).toBe(5);
});

test("no more runs are at work than the worker has places", async () => {
  let most = 0;
  let now = 0;
  const { worker, called } = await workOn(
    (runs) => async (claim) => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 5));
      now--;
      await runs.advance(claim, declined);
    },
    { requests: 9, concurrency: 3 },
  );

  await expect.poll(() => called.length).toBe(9);
  await worker.stop();
  expect(most).toBe(3);
});

test("a run whose execution throws ends as failed and is not left running", async () => {
  const { worker, state, called } = await workOn(() => () => Promise.reject(new Error("a defect")));

  await expect.poll(state).toEqual({ at: "failed", code: "internal" });
  await worker.stop();
  expect(called).toHaveLength(1);
});

test("a run whose execution throws while the worker stops goes back to the queue", async () => {
  const { worker, state } = await workOn(() => async (_, { signal }) => {
    await aborted(signal);
    throw new Error("the store is closed");
  });

  await worker.stop();

  expect(await state()).toEqual({ at: "queued" });
});

test("a run that ends within the time for draining is not handed over", async () => {
  const { worker, state } = await workOn(
    (runs) => async (claim) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      await runs.advance(claim, declined);
    },
    { drainMs: 1e12 },
  );

  await worker.stop();

  expect(await state()).toMatchObject({ at: "declined" });
});

test("runs are handed over although a delivery takes longer", async () => {
  let finish = (): void => {};
  const handled = new Promise<void>((resolve) => (finish = resolve));
  let handling = false;
  const { worker, runs, state } = await workOn(
    (store) =>
      async (claim, { signal }) => {
        await aborted(signal);
        await store.release(claim);
      },
    {
      handleDelivery: () => {
        handling = true;
        return handled;
      },
    },
  );
  await runs.receive({ id: "slow", event: "issues", payload: {} });
  await expect.poll(() => handling).toBe(true);

  const stopped = worker.stop();

  await expect.poll(state).toEqual({ at: "queued" });
  finish();
  await stopped;
});

test("a run that comes with an order to finish is told before it begins", async () => {
  const told: boolean[] = [];
  const { worker } = await workOn(
    (runs) =>
      async (claim, { stop }) => {
        told.push(stop.aborted);
        await runs.advance(claim, declined);
      },
    {
      change: (runs) => ({
        ...runs,
        async claim(...parameters) {
          const claim = await runs.claim(...parameters);
          return claim === null ? null : { ...claim, orders: { cancel: null, stop: "mona" } };
        },
      }),
    },
  );

  await worker.stop();

  expect(told).toEqual([true]);
});

test("a process that works no runs leaves their wake-ups to others", async () => {
  const queue = createMemoryJobQueue();
  const clock = createFixedClock();
  const kinds: string[] = [];
  const worker = await startWorker({
    runs: createMemoryRunStore(queue, { clock }),
    queue: { ...queue, work: async (kind) => void kinds.push(kind) },
    clock,
    logger: createSilentLogger(),
    owner: "web",
    concurrency: 0,
    limits: unlimited,
    leaseMs: 30_000,
    drainMs: 0,
    handleDelivery: () => Promise.resolve(),
    executeRun: () => Promise.resolve(),
  });

  await worker.stop();

  expect(kinds).toEqual(["delivery"]);
});

test("nothing is begun by a worker that stops", async () => {
  const { worker, called } = await workOn(
    () =>
      async (_, { signal }) =>
        void (await aborted(signal)),
    {
      requests: 3,
    },
  );

  await worker.stop();

  expect(called).toHaveLength(1);
});

test("a run that another worker has taken over is left alone", async () => {
  const { worker, state } = await workOn((runs) => async (claim) => {
    await runs.release(claim);
    await runs.claim("worker-2", unlimited);
    throw new RepairError("lease-lost", "taken over");
  });
  await worker.stop();

  expect(await state()).toMatchObject({ at: "running" });
});

const breaking = async (given: (control: RunControl) => void, control: RunControl): Promise<void> => {
  await aborted(control.signal);
  given(control);
};

test("a cancel breaks the run off with who asked", async () => {
  let seen: RunControl | null = null;
  const { worker } = await workOn((runs) => async (claim, control) => {
    await runs.requestCancel(claim.run.id, "mona");
    // the run is begun again, for somebody to end it
    await breaking((given) => (seen ??= given), control);
    await runs.release(claim);
  });
  await expect.poll(() => seen).not.toBeNull();
  await worker.stop();

  const signal = (seen as RunControl | null)?.signal;
  expect(signal && interruptOf(signal)).toEqual({ kind: "cancelled", by: "mona", successor: null });
});

test("a stop reaches the run, which goes on", async () => {
  let reason: unknown = null;
  const { worker, state } = await workOn((runs) => async (claim, control) => {
    await runs.requestStop(claim.run.id, "mona");
    await aborted(control.stop);
    reason = control.stop.reason;
    expect(control.signal.aborted).toBe(false);
    await runs.advance(claim, declined);
  });
  await expect.poll(state).toMatchObject({ at: "declined" });
  await worker.stop();

  expect(String(reason)).toContain("mona");
});

test.each<[string, Partial<RunStore>]>([
  ["does not answer", { heartbeat: () => new Promise(() => {}) }],
  ["fails", { heartbeat: () => Promise.reject(new RepairError("store-unavailable", "down")) }],
  ["says that the lease is lost", { heartbeat: () => Promise.reject(new RepairError("lease-lost", "x")) }],
])("a run whose lease cannot be extended because the store %s is broken off", async (_, change) => {
  let seen: AbortSignal | null = null;
  const { worker, state } = await workOn(
    () =>
      async (_claim, { signal }) => {
        await aborted(signal);
        // the run is begun again when its lease has ended
        seen ??= signal;
      },
    { change: (runs) => ({ ...runs, ...change }) },
  );

  await expect.poll(() => seen).not.toBeNull();
  await worker.stop();

  expect(seen && interruptOf(seen)).toEqual({ kind: "lease-lost" });
  expect(await state()).not.toMatchObject({ at: "failed" });
});

test("a store that fails for a moment loses no run", async () => {
  let failures = 3;
  const { worker, called, state } = await workOn(
    (runs) => async (claim) => void (await runs.advance(claim, declined)),
    {
      change: (runs) => ({
        ...runs,
        claim: (...parameters) =>
          failures-- > 0
            ? Promise.reject(new RepairError("store-unavailable", "down"))
            : runs.claim(...parameters),
      }),
    },
  );

  await expect.poll(state).toMatchObject({ at: "declined" });
  await worker.stop();
  expect(called).toHaveLength(1);
});
