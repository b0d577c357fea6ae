import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { type EmbeddedStore, openEmbeddedStore } from "../../../src/adapters/postgres/embedded-store.ts";
import { createSystemClock } from "../../../src/adapters/system/clock.ts";
import { jobQueueContract } from "../../contracts/job-queue.ts";
import { journalContract } from "../../contracts/journal.ts";
import { runStoreContract } from "../../contracts/run-store.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";
import { makeRunRequest } from "../../fixtures/run-request.ts";

// Creating a database costs seconds of processor time, so the three suites share one.
let store: EmbeddedStore;
const logger = createSilentLogger();

beforeAll(async () => {
  store = await openEmbeddedStore({
    directory: null,
    clock: createSystemClock(),
    logger,
    stopLimitMs: 1_000,
  });
});
afterAll(() => store.close());

runStoreContract("the embedded store", () => store.runs);
jobQueueContract("the embedded queue", () => store);
journalContract("the embedded journal", () => store);

test("lets timers tick while it is queried without a pause", async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);

  for (let query = 0; query < 100; query++) await store.runs.run("nobody");
  clearInterval(timer);

  expect(ticks).toBeGreaterThan(10);
});

test("works out a step anew when this version cannot read its stored value", async () => {
  const { run } = await store.runs.request(makeRunRequest());
  const claim = await store.runs.claim(run.id, "worker-1");
  if (claim === null) throw new Error("the run was not to be had");
  await store.journal(claim).step("score", {}, z.number(), async () => 3);

  const score = z.object({ value: z.number() });
  await store.journal(claim).step("score", {}, score, async () => ({ value: 4 }));

  const again = await store
    .journal(claim)
    .step("score", {}, score, () => Promise.reject(new Error("done twice")));
  expect(again).toEqual({ value: 4 });
});

test("refuses a step value that does not survive JSON", async () => {
  const { run } = await store.runs.request(makeRunRequest());
  const claim = await store.runs.claim(run.id, "worker-1");
  if (claim === null) throw new Error("the run was not to be had");

  const step = store.journal(claim).step("lost", {}, z.map(z.string(), z.string()), async () => new Map());

  await expect(step).rejects.toMatchObject({ code: "internal" });
});

test("stops after its limit when a handler does not end, and says so", async () => {
  const delivery = { id: randomUUID(), event: "issues", payload: {} };
  const stuck = new Set<string>();
  await store.queue.work("delivery", 1, (id) => {
    stuck.add(id);
    return id === delivery.id ? new Promise(() => {}) : Promise.resolve();
  });
  await store.runs.receive(delivery);
  await expect.poll(() => stuck.has(delivery.id), { timeout: 5_000 }).toBe(true);

  await store.queue.stop();

  expect(logger.lines.map(({ text }) => text)).toContain("jobs were still running when the queue stopped");
});
