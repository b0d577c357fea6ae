import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import type { JobQueue } from "../../src/ports/job-queue.ts";
import type { RunStore } from "../../src/ports/run-store.ts";
import { makeRunRequest } from "../fixtures/run-request.ts";

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

  describe(`${name} as a JobQueue`, () => {
    test("hands out a stored delivery and a stored run to their own handlers", async () => {
      const { queue, runs } = open();
      const seen = { delivery: new Set<string>(), run: new Set<string>() };
      await queue.work("delivery", 2, async (id) => void seen.delivery.add(id));
      await queue.work("run", 2, async (id) => void seen.run.add(id));

      const delivery = await receive(runs);
      const { run } = await runs.request(makeRunRequest());

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

    test("hands out a released run again", async () => {
      const { queue, runs } = open();
      const owners: string[] = [];
      const { run } = await runs.request(makeRunRequest());
      await queue.work("run", 1, async (id) => {
        if (id !== run.id) return;
        const claim = await runs.claim(id, `worker-${owners.length}`);
        if (claim === null) return;
        owners.push(claim.owner);
        if (owners.length === 1) await runs.release(claim);
      });

      await expect.poll(() => owners, patience).toEqual(["worker-0", "worker-1"]);
    });

    test("hands out unfinished work again after a recovery, and finished deliveries no more", async () => {
      const { queue, runs } = open();
      const unhandled = await receive(runs);
      const handled = await receive(runs);
      await runs.finishDelivery(handled);
      const { run } = await runs.request(makeRunRequest());
      await runs.claim(run.id, "a worker that died");
      const seen: string[] = [];

      await runs.recover();
      await queue.work("delivery", 1, async (id) => void seen.push(id));
      await queue.work("run", 1, async (id) => void seen.push(id));

      // Jobs go out in order: what is stored now comes after everything that was there before.
      const last = [await receive(runs), (await runs.request(makeRunRequest())).run.id];
      await expect.poll(() => last.every((id) => seen.includes(id)), patience).toBe(true);
      expect(seen).not.toContain(handled);
      expect(seen.filter((id) => id === unhandled)).toHaveLength(1);
      expect(seen.filter((id) => id === run.id)).toHaveLength(1);
    });
  });
}
