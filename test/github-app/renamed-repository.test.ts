import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { openStore, type Store } from "../../src/adapters/postgres/store.ts";
import type { RepoRef } from "../../src/domain/issue.ts";
import { unlimited } from "../../src/domain/limits.ts";
import { handleDelivery } from "../../src/github-app/handle-delivery.ts";
import type { KeptFiles, Reach } from "../../src/ports/kept-data.ts";
import { keepHouse } from "../../src/runs/housekeeping.ts";
import { createKeptData } from "../../src/runs/kept-data.ts";
import { recordFeedback } from "../../src/runs/record-feedback.ts";
import { dumpOf } from "../contracts/stored-data.ts";
import { createFixedClock, type FixedClock } from "../fakes/fixed-clock.ts";
import { createRecordingForge } from "../fakes/recording-forge.ts";
import { createSilentLogger } from "../fakes/silent-logger.ts";
import { beginRun } from "../fixtures/begin-run.ts";
import { makeEmbeddedDirectory } from "../fixtures/databases/embedded-directory.ts";
import { makeRunRequest, policy } from "../fixtures/run-request.ts";
import { aboutPull } from "./payloads.ts";
import { recordedDeliveries } from "./recorded-deliveries.ts";

const old: RepoRef = { owner: "Octocoders", name: "Old-World" };
const renamed: RepoRef = { owner: "Octocoders", name: "Hello-World" };
const elsewhere: RepoRef = { owner: "octocat", name: "Hello-World" };

/** GitHub's own recording, told by this installation. */
function recorded(action: string, installation: number, changes?: object): object {
  const found = recordedDeliveries.find(
    ({ name, payload }) => name === "repository" && Reflect.get(payload, "action") === action,
  );
  return { ...found?.payload, installation: { id: installation }, ...(changes && { changes }) };
}
const renaming = () => recorded("renamed", 7, { repository: { name: { from: old.name } } });

const logger = createSilentLogger();
const closing: (() => Promise<void>)[] = [];
let clock: FixedClock;
let store: Store;
beforeAll(async () => {
  clock = createFixedClock();
  const directory = await makeEmbeddedDirectory();
  store = await openStore({
    directory,
    databaseUrl: null,
    worker: "test",
    clock,
    logger,
    stopLimitMs: 1_000,
  });
  closing.push(
    () => rm(directory, { recursive: true, force: true }),
    () => store.close(),
  );
});
afterAll(async () => {
  for (const close of closing.toReversed()) await close();
});

/** Mirrors of this host by the names of their repositories. */
const mirrors = new Set<string>();
const files: readonly KeptFiles[] = [
  {
    inventory: async (): Promise<Reach> => ({ runs: [], repositories: [...mirrors], logs: [] }),
    async *export() {},
    remove: async ({ repositories }) => ({
      mirrors: repositories.filter((name) => mirrors.delete(name)).length,
    }),
    prune: async () => ({}),
  },
];

let deliveries = 0;
async function deliver(event: string, payload: object): Promise<void> {
  const id = `told-${++deliveries}`;
  await store.runs.receive({ id, event, payload });
  const forges = createRecordingForge({
    issues: [],
    branch: null,
    source: { kind: "local", directory: "unused" },
    permissions: {},
  });
  const deps = {
    runs: store.runs,
    forges,
    logger,
    policy: { limits: unlimited, newer: "refuse" as const },
    runOfPullRequest: () => Promise.resolve(null),
    onboarding: null,
    data: createKeptData(store.data, files),
    recordFeedback: (ask: Parameters<typeof recordFeedback>[1]) =>
      recordFeedback({ records: store.records, secrets: [], clock }, ask),
  };
  await handleDelivery(deps, id);
}

/** As payloads name it. */
const named = ({ owner, name }: RepoRef) => ({
  full_name: `${owner}/${name}`,
  name,
  owner: { login: owner },
});

const requestIn = (repo: RepoRef, number?: number) => {
  const base = makeRunRequest(number);
  return { ...base, issue: { ...base.issue, ref: { repo, number: base.issue.ref.number } } };
};

/** A run of the repository whose pull request 40 is open, with what else is kept of it. */
async function propose(repo: RepoRef): Promise<string> {
  const { claim, run } = await beginRun(store.runs, requestIn(repo));
  const { trigger, issue } = run;
  await store.runs.receive({
    id: trigger.delivery,
    event: "issues",
    payload: {
      installation: { id: 7 },
      repository: named(repo),
      issue: { number: issue.ref.number, title: issue.title },
    },
  });
  await store.runs.finishDelivery(trigger.delivery);
  await store.journal(claim).step("long", {}, z.string(), async () => "x".repeat(70_000));
  await store.files.keep({ installation: 7, repo, path: ".github/copatcher.yml" }, new Uint8Array([1]));
  mirrors.add(`${repo.owner}/${repo.name}`.toLowerCase());
  const state = { at: "proposed", pullRequest: 40, url: "https://example.org/pull/40" } as const;
  await store.runs.advance(claim, { kind: "ended", state });
  return run.id;
}

const pullOf = (repo: RepoRef, action: string) => ({
  ...aboutPull(action, { repository: named(repo) }),
});

const keepHouseNow = () => {
  const retention = { deliveries: null, steps: null, records: null, logs: null };
  return keepHouse({ runs: store.runs, stored: store.data, files, retention, clock, logger });
};

/** What is kept that names the repository or is of its runs, but for ids and hashes of what was removed. */
const left = async (words: readonly string[]): Promise<readonly string[]> =>
  (await dumpOf(store))
    .split("\n")
    .filter((line) => words.some((word) => line.toLowerCase().includes(word.toLowerCase())))
    .filter((line) => !line.includes('"forgotten"'));

test("a renamed repository keeps its data: its pull requests are found, and all of it goes when it is deleted", async () => {
  const runId = await propose(old);
  await deliver("repository", renaming());

  await deliver("pull_request", pullOf(renamed, "closed"));
  expect((await store.records.events(runId)).map(({ event }) => event.kind)).toEqual([
    "pull-request-feedback",
  ]);
  expect(await store.runs.openPullRequests(10)).toEqual([]);
  const [run] = await store.runs.recent(1);
  expect(await store.runs.latest({ repo: renamed, number: run?.issue.ref.number ?? 0 })).toMatchObject({
    id: runId,
    issue: { ref: { repo: renamed } },
  });
  expect(
    await store.files.find({ installation: 7, repo: renamed, path: ".github/copatcher.yml" }),
  ).toBeDefined();

  await deliver("repository", { ...recorded("renamed", 7), action: "deleted" });
  await keepHouseNow();

  expect(await left([runId, "old-world", "hello-world", "xxxxx"])).toEqual([]);
  expect([...mirrors]).toEqual([]);
});

test("a run that works goes on under the new name, keeps what it reads, and nobody begins a second one", async () => {
  const { claim, run } = await beginRun(store.runs, requestIn(old));
  mirrors.add("octocoders/old-world");
  await deliver("repository", renaming());
  await keepHouseNow();

  const label = requestIn(renamed, run.issue.ref.number);
  expect(await store.runs.request(label, policy)).toMatchObject({
    kind: "already-live",
    run: { id: run.id },
  });
  expect([...mirrors]).toEqual(["octocoders/old-world"]);
  await store.runs.heartbeat(claim);
  await store.runs.advance(claim, { kind: "ended", state: { at: "declined", reason: "no-candidate" } });
  await keepHouseNow();
  expect([...mirrors]).toEqual([]);
});

test("a renaming waits while an issue has a run under each name, and says for which", async () => {
  const first = await beginRun(store.runs, requestIn(old));
  const second = await beginRun(store.runs, requestIn(renamed, first.run.issue.ref.number));

  await expect(deliver("repository", renaming())).rejects.toMatchObject({
    code: "store-unavailable",
    message: expect.stringContaining(second.run.id) as string,
  });
  const state = { at: "declined", reason: "no-candidate" } as const;
  await store.runs.advance(second.claim, { kind: "ended", state });
  await deliver("repository", renaming());

  expect((await store.runs.run(first.run.id))?.issue.ref.repo).toEqual(renamed);
  await store.runs.advance(first.claim, { kind: "ended", state });
});

test("what is told later under the old name is another repository's", async () => {
  const payload = { repository: named(old), issue: { number: 1, title: "t" } };
  await store.runs.receive({ id: "before", event: "issues", payload });
  clock.advance(1_000);
  await deliver("repository", renaming());
  clock.advance(1_000);
  await store.runs.receive({ id: "after", event: "issues", payload });
  await deliver("repository", { ...recorded("renamed", 7), action: "deleted" });

  expect(await store.runs.delivery("before")).toBeNull();
  expect((await store.runs.delivery("after"))?.payload).toEqual(payload);
});

test("a name that changes in its capitals only is followed as well", async () => {
  const small = { ...renamed, name: "hello-world" };
  const runId = await propose(small);
  await deliver("repository", recorded("renamed", 7, { repository: { name: { from: small.name } } }));

  const issue = (await store.runs.run(runId))?.issue.ref;
  expect(issue?.repo).toEqual(renamed);
  expect(await store.runs.latest({ repo: renamed, number: issue?.number ?? 0 })).toMatchObject({ id: runId });
  await keepHouseNow();
  expect([...mirrors]).toEqual(["octocoders/hello-world"]);
  await deliver("repository", { ...recorded("renamed", 7), action: "deleted" });
});

test("a repository whose new owner has the App goes to that installation, without its live runs", async () => {
  const { claim, run } = await beginRun(store.runs, requestIn(elsewhere));
  await deliver("repository", recorded("transferred", 8));

  expect(await store.runs.run(run.id)).toMatchObject({ installation: 8, issue: { ref: { repo: renamed } } });
  expect((await store.runs.heartbeat(claim)).cancel).toEqual({
    by: "GitHub: its repository was transferred",
    successor: null,
  });
  await store.runs.advance(claim, { kind: "ended", state: { at: "cancelled", by: "GitHub" } });
  // the old owner's installation loses it as well
  await deliver("installation_repositories", {
    action: "removed",
    installation: { id: 7 },
    repositories_removed: [{ full_name: "Octocoders/Hello-World" }],
  });
  expect(await store.runs.run(run.id)).not.toBeNull();
});

test("a repository whose new owner does not have the App is gone", async () => {
  const runId = await propose(elsewhere);

  await deliver("repository", recorded("transferred", 7));

  expect(await left([runId, "octocat/hello-world"])).toEqual([]);
  expect(mirrors.has("octocat/hello-world")).toBe(false);
});
