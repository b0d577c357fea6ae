import { expect, test } from "vitest";
import { unlimited } from "../../../src/domain/limits.ts";
import { measuredRuns } from "../../../src/server/metrics/measured-runs.ts";
import { createMetrics } from "../../../src/server/metrics/metrics.ts";
import { claimed, created } from "../../contracts/run-store-subject.ts";
import { createMemoryJobQueue } from "../../fakes/memory-job-queue.ts";
import { createMemoryRunStore } from "../../fakes/memory-run-store.ts";
import { makeRunRequest, policy } from "../../fixtures/run-request.ts";

function open() {
  const metrics = createMetrics();
  const inner = createMemoryRunStore(createMemoryJobQueue());
  const store = measuredRuns(inner, metrics);
  const lines = async (name: string): Promise<readonly string[]> =>
    (await metrics.scrape(store)).text.split("\n").filter((line) => line.startsWith(`copatcher_${name}{`));
  return { inner, metrics, store, lines };
}

test("deliveries are counted by what became of them", async () => {
  const { metrics, inner, store, lines } = open();
  const delivery = { id: "d1", event: "issues", payload: {} };
  await store.receive(delivery);
  await store.receive(delivery);
  const broken = { ...inner, receive: () => Promise.reject(new Error("gone")) };
  await expect(measuredRuns(broken, metrics).receive(delivery)).rejects.toThrow("gone");

  expect(await lines("deliveries_total")).toEqual([
    'copatcher_deliveries_total{outcome="stored"} 1',
    'copatcher_deliveries_total{outcome="duplicate"} 1',
    'copatcher_deliveries_total{outcome="failed"} 1',
  ]);
});

test("runs that end are counted by kind, end and reason, and by nothing that people write", async () => {
  const { store, lines, metrics } = open();
  for (const state of [
    { at: "declined", reason: "no-location" },
    { at: "failed", code: "run-too-long" },
    { at: "proposed", pullRequest: 7, url: "https://github.example/7" },
    { at: "cancelled", by: 'mallory"} 9' },
  ] as const) {
    await created(store);
    const claim = await claimed(store);
    await store.advance(claim, { kind: "entered", stage: "generate" });
    await store.advance(claim, { kind: "ended", state });
  }

  expect(await lines("runs_ended_total")).toEqual([
    'copatcher_runs_ended_total{kind="repair",state="declined",reason="no-location"} 1',
    'copatcher_runs_ended_total{kind="repair",state="failed",reason="run-too-long"} 1',
    'copatcher_runs_ended_total{kind="repair",state="proposed",reason=""} 1',
    'copatcher_runs_ended_total{kind="repair",state="cancelled",reason=""} 1',
  ]);
  expect((await metrics.scrape(store)).text).not.toMatch(/octo|parcels|rounded|hubot|mallory/);
});

test("a queued run that is cancelled, stopped or superseded has ended, a running one has not yet", async () => {
  const { store, lines } = open();
  await store.requestCancel((await created(store)).id, "mona");
  await store.requestStop((await created(store)).id, "mona");
  const request = makeRunRequest();
  await created(store, request);
  const again = { ...request, trigger: { ...request.trigger, delivery: "another" } };
  await created(store, again, { newer: "supersede" });
  await claimed(store);
  const third = { ...request, trigger: { ...request.trigger, delivery: "a third" } };
  await store.request(third, { ...policy, newer: "supersede" });
  expect(await store.claim("worker-2", unlimited)).toBeNull();

  expect(await lines("runs_ended_total")).toEqual([
    'copatcher_runs_ended_total{kind="repair",state="cancelled",reason=""} 3',
  ]);
});
