import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import type { RepairRun } from "../../src/domain/run.ts";
import type { JobQueue } from "../../src/ports/job-queue.ts";
import type { RunStore } from "../../src/ports/run-store.ts";
import { unlimited } from "../../src/domain/limits.ts";
import { makeRunRequest, policy } from "../fixtures/run-request.ts";

/** A queue and the store that feeds it; other tests may have left jobs in it. */
export type JobQueueSubject = { readonly queue: JobQueue; readonly runs: RunStore };

const patience = { timeout: 10_000, interval: 5 };

export function jobQueueContract(name: string, makeSubject: () => JobQueueSubject): void {
  let subject: JobQueueSubject | null = null;
  const open = (): JobQueueSubject => (subject = makeSubject());
  afterEach(() => subject?.queue.stop());

  const receive = async (runs: RunStore): Promise<string> => {
    const id = randomUUID();
    await runs.receive({ id, event: "issues", payload: {} });
    return id;
  };

  const created = async (runs: RunStore): Promise<RepairRun> => {
    const outcome = await runs.request(makeRunRequest(), policy);
    if (outcome.kind !== "created") throw new Error(outcome.kind);
    return outcome.run;
  };

  describe(`${name} as a JobQueue`, () => {
    test("hands out a stored delivery and a stored run to their own handlers", async () => {
      const { queue, runs } = open();
      const seen = { delivery: new Set<string>(), run: new Set<string>() };
      await queue.work("delivery", 2, async (id) => void seen.delivery.add(id));
      await queue.work("run", 2, async (id) => void seen.run.add(id));

      const delivery = await receive(runs);
      const run = await created(runs);

      await expect.poll(() => seen.delivery.has(delivery) && seen.run.has(run.id), patience).toBe(true);
      expect(seen.delivery.has(run.id) || seen.run.has(delivery)).toBe(false);
    });

    test("hands out what was stored before anybody worked", async () => {
      const { queue, runs } = open();
      const seen = new Set<string>();
      const delivery = await receive(runs);

      await queue.work("delivery", 1, async (id) => void seen.add(id));

      await expect.poll(() => seen.has(delivery), patience).toBe(true);
    });

    test("hands out a job again when its handler throws", async () => {
      const { queue, runs } = open();
      const tries = new Map<string, number>();
      await queue.work("delivery", 2, async (id) => {
        tries.set(id, (tries.get(id) ?? 0) + 1);
        if (tries.get(id) === 1) throw new Error("not yet");
      });

      const delivery = await receive(runs);

      await expect.poll(() => tries.get(delivery), patience).toBe(2);
    });

    test("works a burst at once with as many handlers as allowed", async () => {
      const { queue, runs } = open();
      const done = new Set<string>();
      let running = 0;
      let most = 0;
      await queue.work("delivery", 3, async (id) => {
        most = Math.max(most, ++running);
        await sleep(20);
        running--;
        done.add(id);
      });

      const burst = await Promise.all(Array.from({ length: 30 }, () => receive(runs)));

      // Three at a time need 200 ms; a worker that dozes between jobs would need ten seconds.
      await expect.poll(() => burst.every((id) => done.has(id)), { ...patience, timeout: 5_000 }).toBe(true);
      expect(most).toBe(3);
    });

    test("waits for running handlers and hands out nothing more once stopped", async () => {
      const { queue, runs } = open();
      const started: string[] = [];
      const ended: string[] = [];
      await queue.work("delivery", 1, async (id) => {
        started.push(id);
        await sleep(200);
        ended.push(id);
      });
      await Promise.all([receive(runs), receive(runs)]);
      await expect.poll(() => started.length, patience).toBeGreaterThan(0);

      await queue.stop();
      const late = await receive(runs);
      await sleep(50);

      expect(ended).toEqual(started);
      expect(started).not.toContain(late);
    });

    test("says again that a run is ready when it was released", async () => {
      const { queue, runs } = open();
      const said: string[] = [];
      await queue.work("run", 1, async (id) => void said.push(id));
      const ready = await created(runs);
      await expect.poll(() => said, patience).toContain(ready.id);
      said.length = 0;

      const claim = await runs.claim("worker-1", unlimited);
      if (claim === null) throw new Error("nothing was begun");
      await runs.release(claim);

      await expect.poll(() => said, patience).toContain(claim.run.id);
    });

    test("says that a successor is ready when the run before it has left", async () => {
      const { queue, runs } = open();
      const older = await created(runs);
      let claim = await runs.claim("worker-1", unlimited);
      // other tests may have left runs that are begun first
      while (claim !== null && claim.run.id !== older.id) claim = await runs.claim("worker-1", unlimited);
      if (claim === null) throw new Error("nothing was begun");
      const request = makeRunRequest(older.issue.ref.number);
      const newer = await runs.request(request, { ...policy, newer: "supersede" });
      if (newer.kind !== "created") throw new Error(newer.kind);
      const said: string[] = [];
      await queue.work("run", 1, async (id) => void said.push(id));
      await expect.poll(() => said, patience).toContain(newer.run.id);
      said.length = 0;

      await runs.release(claim);

      await expect.poll(() => said, patience).toContain(newer.run.id);
    });
  });
}
