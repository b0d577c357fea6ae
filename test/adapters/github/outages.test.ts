import { Octokit } from "@octokit/rest";
import nock from "nock";
import { Probot } from "probot";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createGitHubForges } from "../../../src/adapters/github/forge.ts";
import { createSystemClock } from "../../../src/adapters/system/clock.ts";
import type { IssueRef } from "../../../src/domain/issue.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import type { Forge } from "../../../src/ports/forge.ts";
import { Interrupted } from "../../../src/runs/run-control.ts";
import { baseFiles } from "../../contracts/forge.ts";
import { createFixedClock } from "../../fakes/fixed-clock.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";
import { worldSecret } from "../../fixtures/embedded-github.ts";
import { asEntries } from "../../fixtures/make-repository.ts";
import { makeFaultyWorld, type Fate, type FaultyWorld } from "./faulty-github.ts";

const repo = { owner: "acme", name: "rates" };
const marker = "<!-- m -->";
const limited = "You have exceeded a secondary rate limit.";

let world: FaultyWorld;
let ref: IssueRef;
beforeAll(async () => {
  world = await makeFaultyWorld(asEntries(baseFiles));
});
beforeEach(async () => {
  world.wire.fate = () => "passes";
  ref = { repo, number: await world.github.openIssue("Bug", "It breaks", "rita") };
  world.wire.writes.length = 0;
});
afterAll(() => world.close());

const forge = (clock?: Clock): Forge =>
  world.startProcess(clock).forInstallation(world.github.installationId);
const said = async () => (await world.github.comments(ref.number)).map(({ body }) => body.split("\n").at(-1));

/** The first requests of a kind meet these, one after the other. */
function meets(kind: "read" | "write", ...fates: readonly Fate[]): void {
  const left = [...fates];
  world.wire.fate = ({ write, path }) => {
    const meant = path.includes("/issues/") && write === (kind === "write");
    return meant ? (left.shift() ?? "passes") : "passes";
  };
}

describe("an outage", () => {
  test.each<[string, Fate]>([
    ["503s", { status: 503 }],
    ["cut connections", "lost"],
    ["a proxy's 502s", { status: 502 }],
  ])("of two %s is waited out by a read", async (_title, fate) => {
    meets("read", fate, fate);
    const clock = createFixedClock(0);

    expect(await forge(clock).issue(ref)).toMatchObject({ title: "Bug" });
    expect(clock.now()).toBe(6_000);
  });

  test("that lasts is not waited for longer", async () => {
    world.wire.fate = () => ({ status: 503 });

    await expect(forge().issue(ref)).rejects.toMatchObject({ code: "forge-unavailable", retryable: true });
  });

  test("in which one write is lost and the answer to the next leaves one comment", async () => {
    meets("write", "lost", { status: 500, done: true });

    await forge().upsertComment(ref, marker, "one");

    expect(await said()).toEqual(["one"]);
    expect(world.wire.writes).toHaveLength(2);
  });
});

describe("a pause that GitHub asks for", () => {
  const pause: Fate = { status: 403, headers: { "retry-after": "30" }, message: limited };

  test("is made before a comment is sent again", async () => {
    meets("write", pause);
    const clock = createFixedClock(0);

    await forge(clock).upsertComment(ref, marker, "one");

    expect(await said()).toEqual(["one"]);
    expect(clock.now()).toBe(30_000);
  });

  test("ends when the run is cancelled, and the last word can still be said", async () => {
    const abort = new AbortController();
    const cancelled = new Interrupted({ kind: "cancelled", by: "wanda", successor: null });
    const use = { signal: abort.signal, mayWrite: async () => undefined };
    const bound = world.startProcess(createSystemClock()).forInstallation(world.github.installationId, use);
    world.wire.fate = ({ write }) => {
      if (!write) return "passes";
      setImmediate(() => abort.abort(cancelled));
      return { status: 429, headers: { "retry-after": "100" }, message: limited };
    };

    await expect(bound.upsertComment(ref, marker, "one")).rejects.toBe(cancelled);

    world.wire.fate = () => "passes";
    await bound.upsertComment(ref, marker, "cancelled");
    expect(await said()).toEqual(["cancelled"]);
  });

  test("of an hour is not made by Probot's own throttle either", async () => {
    const reset = String(Math.floor(Date.now() / 1000) + 3_600);
    const exhausted = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset };
    world.wire.fate = ({ path }) =>
      path.includes("/issues/")
        ? { status: 403, headers: exhausted, message: "API rate limit exceeded for installation" }
        : "passes";
    const probot = new Probot({
      appId: world.github.appId,
      privateKey: world.github.privateKey,
      secret: worldSecret,
      baseUrl: world.wire.url,
      logLevel: "fatal",
    });
    const clock = createFixedClock(0);
    const forges = createGitHubForges({
      octokitForInstallation: (id) => probot.auth(id),
      webUrl: world.github.url,
      clock,
      logger: createSilentLogger(),
    });

    const asked = forges.forInstallation(world.github.installationId).issue(ref);

    await expect(asked).rejects.toMatchObject({ code: "forge-unavailable" });
    expect(clock.now()).toBeLessThanOrEqual(240_000);
  });
});

test("a run outlives its tokens, be each good for one request only", async () => {
  const used = new Map<string, number>();
  world.wire.fate = ({ token, path }) => {
    if (path.startsWith("/app")) return "passes";
    used.set(token, (used.get(token) ?? 0) + 1);
    return used.get(token) === 1 ? "passes" : { status: 401, message: "Bad credentials" };
  };
  const short = forge();
  const base = { name: "main", sha: (await world.repository.git("rev-parse", "main")).trim() };

  await short.upsertComment(ref, marker, "working");
  const { number } = await short.propose({
    issue: ref,
    base,
    branch: "bot/tokens",
    commitMessage: "fix: rate",
    changes: [{ path: "src/rates.py", before: "RATE = 1\n", after: "RATE = 2\n" }],
    title: "fix: rate",
    body: "Text",
    draft: true,
  });
  await short.upsertComment(ref, marker, "done");

  expect(await said()).toEqual(["done"]);
  expect(number).toBeGreaterThan(0);
  expect(used.size).toBeGreaterThan(10);
});

test("git gets its credential from the GitHub of the configuration, asked for as the first thing", async () => {
  const source = forge().source(repo);
  if (source.kind !== "remote") throw new Error("expected a remote source");

  const authorization = await source.authorization?.();

  const header = `http.extraHeader=Authorization: ${authorization}`;
  const heads = await world.repository.git("-c", header, "ls-remote", source.url, "refs/heads/main");
  expect(heads).toContain("refs/heads/main");
});

test("a change whose answer never comes is looked for before it is made again", async () => {
  const late = nock("https://api.github.com");
  late.get("/app").reply(200, { slug: "copatcher" });
  const comments = "/repos/acme/rates/issues/1/comments";
  late.get(`${comments}?per_page=100`).reply(200, []);
  late.post(comments).replyWithError(Object.assign(new Error("timed out"), { code: "ETIMEDOUT" }));
  const written = { id: 5, body: `${marker}\none`, user: { login: "copatcher[bot]" } };
  late.get(`${comments}?per_page=100`).reply(200, [written]);
  const silent = () => undefined;
  const octokit = () => new Octokit({ log: { debug: silent, info: silent, warn: silent, error: silent } });
  const forges = createGitHubForges({
    octokitForInstallation: async () => octokit(),
    webUrl: "https://github.com",
    clock: createFixedClock(),
    logger: createSilentLogger(),
  });

  expect(await forges.forInstallation(1).upsertComment({ repo, number: 1 }, marker, "one")).toBe(5);

  nock.cleanAll();
  nock.restore();
});
