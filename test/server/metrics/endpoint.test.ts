import { afterEach, beforeEach, expect, test } from "vitest";
import { createMetrics } from "../../../src/server/metrics/metrics.ts";
import { openHttpWorld, type HttpWorld } from "../http-world.ts";

let world: HttpWorld;
beforeEach(async () => {
  world = await openHttpWorld();
});
afterEach(() => world.close());

const scrape = async (from = world): Promise<string> => {
  const response = await fetch(`${from.url}/metrics`);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toMatch(/^text\/plain; version=/);
  return response.text();
};

test("metrics say what the process uses and which runs are live", async () => {
  const counts = [
    { kind: "repair", at: "queued", runs: 3 },
    { kind: "plan", at: "running", runs: 1 },
  ] as const;
  world.store = { ...world.store, counts: () => Promise.resolve(counts) };

  const text = await scrape();

  expect(text).toContain("process_resident_memory_bytes ");
  expect(text).toContain("copatcher_store_up 1");
  expect(text).toContain('copatcher_live_runs{kind="repair",state="queued"} 3');
  expect(text).toContain('copatcher_live_runs{kind="plan",state="running"} 1');
});

test("a kind without live runs leaves the metrics", async () => {
  world.store = { ...world.store, counts: async () => [{ kind: "plan", at: "queued", runs: 1 }] };
  await scrape();
  world.store = { ...world.store, counts: async () => [] };

  expect(await scrape()).not.toContain('kind="plan"');
});

test("a store that fails is a metric and keeps no other from being read", async () => {
  world.store = { ...world.store, counts: () => Promise.reject(new Error("gone")) };

  expect(await scrape()).toContain("copatcher_store_up 0");
});

test("many who ask at once are one question to the store", async () => {
  let questions = 0;
  const runs = { counts: () => Promise.resolve((questions++, [])) };
  const metrics = createMetrics();

  const pages = await Promise.all(Array.from({ length: 20 }, () => metrics.scrape(runs)));

  expect(questions).toBe(1);
  expect(new Set(pages).size).toBe(1);
});

test("answers to webhooks are counted by their status", async () => {
  await world.post("{}", { "x-hub-signature-256": "sha256=00" });
  await world.post("{}", { "x-github-event": "ping" });

  const text = await scrape();

  expect(text).toContain('copatcher_webhook_answers_total{status="401"} 1');
  expect(text).toContain('copatcher_webhook_answers_total{status="200"} 1');
});

test("two servers in one process count for themselves", async () => {
  const other = await openHttpWorld();
  await other.post("{}", { "x-hub-signature-256": "sha256=00" });

  expect(await scrape()).not.toContain('status="401"');
  expect(await scrape(other)).toContain('status="401"');
  await other.close();
});

test("metrics are only read", async () => {
  expect((await fetch(`${world.url}/metrics`, { method: "POST" })).status).toBe(405);
  expect((await fetch(`${world.url}/metrics`, { method: "HEAD" })).status).toBe(200);
});
