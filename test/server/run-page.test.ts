import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { createRunReports } from "../../src/adapters/files/run-reports.ts";
import { runPageKey, runPageUrl } from "../../src/domain/run-page.ts";
import type { RepairRun } from "../../src/domain/run.ts";
import { createRunPageEndpoint } from "../../src/server/run-page-endpoint.ts";
import { claimed, created } from "../contracts/run-store-subject.ts";
import { createFixedClock } from "../fakes/fixed-clock.ts";
import { createMemoryJobQueue } from "../fakes/memory-job-queue.ts";
import { createMemoryRunStore } from "../fakes/memory-run-store.ts";
import { makeRunRequest } from "../fixtures/run-request.ts";
import { openHttpWorld, secret, type HttpWorld } from "./http-world.ts";

const folder = mkdtempSync(join(tmpdir(), "copatcher-pages-"));
afterAll(() => rmSync(folder, { recursive: true }));

const hostile = `<script>alert(1)</script>"><img src=x onerror=alert(2)> '&amp; \u202e`;
const reports = createRunReports(folder);

let world: HttpWorld;
let store: ReturnType<typeof createMemoryRunStore>;
let asked: number;
beforeEach(async () => {
  const clock = createFixedClock();
  store = createMemoryRunStore(createMemoryJobQueue(), { clock });
  asked = 0;
  const runs = { ...store, run: (id: string) => (asked++, store.run(id)) };
  const webUrl = "https://github.example";
  world = await openHttpWorld({}, createRunPageEndpoint({ secret, runs, reports, webUrl, clock }));
});
afterEach(() => world.close());

const open = (run: Pick<RepairRun, "id">) => fetch(runPageUrl(world.url, secret, run.id));

async function endedRun(): Promise<RepairRun> {
  const request = makeRunRequest(12);
  await created(store, {
    ...request,
    issue: { ...request.issue, title: hostile },
    trigger: { ...request.trigger, sender: hostile },
  });
  const claim = await claimed(store, undefined, hostile);
  await store.advance(claim, { kind: "entered", stage: "generate" });
  const state = { at: "proposed", pullRequest: 31, url: "javascript:alert(3)" } as const;
  return store.advance(claim, { kind: "ended", state });
}

const report = (text: string) => ({
  verdict: text,
  explanation: text,
  patch: `\n--- a/${text}\n+++ b/x`,
  seconds: 75,
  models: { [text]: text },
  usage: { prompt: 1234, completion: 56, estimated: false },
  provenance: {
    settings: "5e5e",
    prompts: { [text]: text },
    weights: { [text]: `weights of ${text}` },
    image: text,
    modelSeconds: 61,
  },
  sandbox: text,
  classes: [{ id: text, votes: 3, lines: 2, verdict: text, why: text }],
  pocs: { reproduced: [{ id: text, before: text, after: text, result: text }], failed: [] },
});

test("the page tells of a run, its stages and its report, and leads back to issue and pull request", async () => {
  const run = await endedRun();
  await reports.save(run.id, report("fine"));

  const response = await open(run);
  const page = await response.text();

  expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
  expect(page).toContain('href="https://github.example/octo/parcels/issues/12"');
  expect(page).toContain('href="https://github.example/octo/parcels/pull/31"');
  for (const text of [
    "entered generate",
    "opened pull request #31",
    "1 min 15 s",
    "1234 in, 56 out",
    "(weights weights of fine)",
    "5e5e",
  ]) {
    expect(page).toContain(text);
  }
});

test("hostile texts stay texts wherever they stand", async () => {
  const run = await endedRun();
  await reports.save(run.id, report(hostile));

  const page = await (await open(run)).text();

  expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&gt;&lt;img src=x onerror=alert(2)&gt;");
  expect(page).toContain("&#39;&amp;amp;");
  expect(page).not.toMatch(/<script|<img|javascript:|\u202e/i);
  expect(
    page.match(/<(?!\/?(?:html|head|meta|title|style|body|h1|h2|p|table|tbody|tr|th|td|a|pre)\b)[^!]/g),
  ).toBeNull();
});

test("nothing may run, be kept, framed, indexed or told on from the page", async () => {
  const { headers } = await open(await endedRun());

  const policy = headers.get("content-security-policy") ?? "";
  expect(policy).toMatch(
    /^default-src 'none'; style-src 'sha256-[\w+/=]{44}'; base-uri 'none'; form-action 'none'/,
  );
  expect(policy).toContain("frame-ancestors 'none'");
  expect(headers.get("cache-control")).toBe("no-store");
  expect(headers.get("referrer-policy")).toBe("no-referrer");
  expect(headers.get("x-robots-tag")).toBe("noindex");
});

test("without the run's own key there is no page, and the store is not asked", async () => {
  const run = await endedRun();
  const other = await created(store);
  const at = (path: string) => fetch(`${world.url}${path}`);
  const keys = [
    "",
    "wrong",
    runPageKey(secret, other.id),
    runPageKey("another secret", run.id),
    "é".repeat(43),
  ];

  const answers = await Promise.all([
    at(`/runs/${run.id}`),
    ...keys.map((key) => at(`/runs/${run.id}?key=${encodeURIComponent(key)}`)),
    at(`/runs/..%2f${run.id}?key=${runPageKey(secret, `..%2f${run.id}`)}`),
    at(`/runs/?key=${runPageKey(secret, "")}`),
  ]);

  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404));
  expect(asked).toBe(0);
});

test("a run that is gone has no page, nor has any in a process without the secret", async () => {
  const run = await endedRun();
  const bare = await openHttpWorld();

  const gone = await open({ id: "0000000000000000000" });
  const none = await fetch(runPageUrl(bare.url, secret, run.id));
  const posted = await fetch(runPageUrl(world.url, secret, run.id), { method: "POST" });

  expect([gone.status, none.status, posted.status]).toEqual([404, 404, 404]);
  await bare.close();
});

test("a run whose report is damaged or elsewhere has a page without it", async () => {
  const run = await endedRun();
  await reports.save(run.id, { verdict: 7 });

  const page = await (await open(run)).text();

  expect(page).toContain("No report of this run lies on this host.");
});
