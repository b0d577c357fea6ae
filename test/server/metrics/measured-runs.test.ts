import { expect, test } from "vitest";
import { unlimited } from "../../../src/domain/limits.ts";
import { measuredRuns } from "../../../src/server/metrics/measured-runs.ts";
import { createMetrics } from "../../../src/server/metrics/metrics.ts";
import { claimed, created } from "../../contracts/run-store-subject.ts";
import { createFixedClock } from "../../fakes/fixed-clock.ts";
import { createMemoryJobQueue } from "../../fakes/memory-job-queue.ts";
import { createMemoryRunStore } from "../../fakes/memory-run-store.ts";
import { makeRunRequest, policy } from "../../fixtures/run-request.ts";

function open() {
  const metrics = createMetrics();
  const clock = createFixedClock();
  const inner = createMemoryRunStore(createMemoryJobQueue(), { clock });
  const store = measuredRuns(inner, metrics);
  const lines = async (name: string): Promise<readonly string[]> =>
    (await metrics.scrape(store)).text.split("\n").filter((line) => line.startsWith(`copatcher_${name}{`));
  return { inner, metrics, clock, store, lines };
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

test("a run that ends says how long it waited, was at work and was in each stage", async () => {
  const { store, clock, lines } = open();
  await created(store);
  clock.advance(20_000);
  const first = await claimed(store);
  clock.advance(3_000);
  await store.advance(first, { kind: "entered", stage: "generate" });
  clock.advance(100_000);
  await store.release(first);
  clock.advance(500_000);
  const claim = await claimed(store);
  await store.advance(claim, { kind: "entered", stage: "generate" });
  clock.advance(7_000);
  await store.advance(claim, { kind: "ended", state: { at: "declined", reason: "no-location" } });

  expect(await lines("run_wait_seconds_sum")).toEqual(['copatcher_run_wait_seconds_sum{kind="repair"} 20']);
  expect(await lines("run_seconds_sum")).toEqual([
    'copatcher_run_seconds_sum{kind="repair",state="declined"} 110',
  ]);
  expect(await lines("run_stage_seconds_sum")).toEqual([
    'copatcher_run_stage_seconds_sum{kind="repair",stage="checkout"} 3',
    'copatcher_run_stage_seconds_sum{kind="repair",stage="generate"} 107',
  ]);
  expect((await lines("run_seconds_bucket")).filter((line) => /le="(60|120)"/.test(line))).toEqual([
    'copatcher_run_seconds_bucket{le="60",kind="repair",state="declined"} 0',
    'copatcher_run_seconds_bucket{le="120",kind="repair",state="declined"} 1',
  ]);
});

test("a run that nobody began has no times, and a history that cannot be read costs no run its end", async () => {
  const { inner, store, metrics, lines } = open();
  await store.requestCancel((await created(store)).id, "mona");
  const broken = measuredRuns({ ...inner, transitions: () => Promise.reject(new Error("gone")) }, metrics);
  await created(store);
  const claim = await claimed(broken);
  const ended = await broken.advance(claim, { kind: "ended", state: { at: "checked" } });

  expect(ended.state).toEqual({ at: "checked" });
  expect(await lines("run_wait_seconds_sum")).toEqual([]);
});
