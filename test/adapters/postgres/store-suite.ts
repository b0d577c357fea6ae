import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import type { Store } from "../../../src/adapters/postgres/store.ts";
import { unlimited } from "../../../src/domain/limits.ts";
import type { Journal } from "../../../src/ports/journal.ts";
import { jobQueueContract } from "../../contracts/job-queue.ts";
import { journalContract } from "../../contracts/journal.ts";
import { runStoreContract } from "../../contracts/run-store.ts";
import type { SilentLogger } from "../../fakes/silent-logger.ts";
import { makeRunRequest, policy } from "../../fixtures/run-request.ts";

export type OpenStores = {
  readonly store: Store;
  /** Claims last a quarter of a second on it. */
  readonly impatient: Store;
  readonly logger: SilentLogger;
  close(): Promise<void>;
};

/** What every form of the database has to do. Opening one costs seconds of processor time, so the tests share it. */
export function storeSuite(name: string, open: () => Promise<OpenStores>): void {
  let stores: OpenStores;
  beforeAll(async () => {
    stores = await open();
  });
  afterAll(() => stores?.close());

  runStoreContract(name, () => ({ store: stores.store.runs, impatient: stores.impatient.runs }));
  jobQueueContract(name, () => stores.store);
  journalContract(name, () => stores.store);

  async function openJournal(): Promise<() => Journal> {
    const { runs } = stores.store;
    const outcome = await runs.request(makeRunRequest(), { ...policy, priority: 100_000 });
    const claim = await runs.claim("worker-1", unlimited);
    if (outcome.kind !== "created" || claim?.run.id !== outcome.run.id) throw new Error("no run to be had");
    return () => stores.store.journal(claim);
  }

  test(`${name} works out a step anew when this version cannot read its stored value`, async () => {
    const journal = await openJournal();
    await journal().step("score", {}, z.number(), async () => 3);

    const score = z.object({ value: z.number() });
    await journal().step("score", {}, score, async () => ({ value: 4 }));

    const again = await journal().step("score", {}, score, () => Promise.reject(new Error("done twice")));
    expect(again).toEqual({ value: 4 });
  });

  test(`${name} refuses a step value that does not survive JSON`, async () => {
    const journal = await openJournal();

    const step = journal().step("lost", {}, z.map(z.string(), z.string()), async () => new Map());

    await expect(step).rejects.toMatchObject({ code: "internal" });
  });

  test(`${name} stops after its limit when a handler does not end, and says so`, async () => {
    const { store, logger } = stores;
    const delivery = { id: randomUUID(), event: "issues", payload: {} };
    const stuck = new Set<string>();
    await store.queue.work("delivery", 1, (id) => {
      stuck.add(id);
      return id === delivery.id ? new Promise(() => {}) : Promise.resolve();
    });
    await store.runs.receive(delivery);
    await expect.poll(() => stuck.has(delivery.id), { timeout: 10_000 }).toBe(true);

    await store.queue.stop();

    const said = logger.lines.map(({ text }) => text);
    expect(said).toContain("jobs were still running when the queue stopped");
  });
}
