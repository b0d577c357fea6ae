import { Octokit } from "@octokit/rest";
import nock from "nock";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createGitHubForges } from "../../../src/adapters/github/forge.ts";
import type { OwnPullRequest } from "../../../src/ports/forge.ts";
import { createFixedClock } from "../../fakes/fixed-clock.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";
import { asEntries } from "../../fixtures/make-repository.ts";
import { makeFaultyWorld, type FaultyWorld } from "./faulty-github.ts";

const repo = { owner: "acme", name: "rates" };
let nth = 0;
const own = (fields: Partial<OwnPullRequest> = {}): OwnPullRequest => ({
  marker: `<!-- own:${++nth} -->`,
  branch: `bot/own-${nth}`,
  commitMessage: "chore: add a file",
  changes: [{ path: `own-${nth}.txt`, before: null, after: "One\n" }],
  title: "A file",
  body: "Text",
  ...fields,
});

let world: FaultyWorld;
beforeAll(async () => {
  world = await makeFaultyWorld(asEntries({ "README.md": "# Rates\n" }));
});
beforeEach(() => {
  world.wire.fate = () => "passes";
});
afterAll(() => world.close());

const forge = () => world.startProcess().forInstallation(world.github.installationId);
const titled = async (title: string) =>
  (await world.github.pullRequests()).filter((pull) => pull.title === title).length;
const opensPulls = ({ method, path }: { readonly method: string; readonly path: string }): boolean =>
  method === "POST" && path.endsWith("/pulls");

test("a pull request is opened once, by whichever process comes first", async () => {
  const wanted = own({ title: "Once" });

  expect(await forge().proposeOnce(repo, wanted)).toBeGreaterThan(0);
  expect(await forge().proposeOnce(repo, wanted)).toBeNull();
  expect(await titled("Once")).toBe(1);
});

test("a lost answer leaves one pull request", async () => {
  let first = true;
  world.wire.fate = (passing) => {
    if (!opensPulls(passing) || !first) return "passes";
    first = false;
    return "unanswered";
  };

  expect(await forge().proposeOnce(repo, own({ title: "Unanswered" }))).toBeGreaterThan(0);
  expect(await titled("Unanswered")).toBe(1);
});

test("what a dead process had begun is finished", async () => {
  const wanted = own({ title: "Begun" });
  world.wire.fate = (passing) => (opensPulls(passing) ? { status: 503 } : "passes");
  await expect(forge().proposeOnce(repo, wanted)).rejects.toMatchObject({ code: "forge-unavailable" });
  world.wire.fate = () => "passes";

  expect(await forge().proposeOnce(repo, wanted)).toBeGreaterThan(0);
  expect(await titled("Begun")).toBe(1);
});

test("an App that may not open pull requests is refused", async () => {
  world.wire.fate = (passing) =>
    opensPulls(passing) ? { status: 403, message: "Resource not accessible by integration" } : "passes";

  await expect(forge().proposeOnce(repo, own())).rejects.toMatchObject({ code: "forge-rejected" });
});

const silent = () => undefined;
const quiet = { debug: silent, info: silent, warn: silent, error: silent };
const about = { default_branch: "main", archived: false, fork: false };
const refs = "/repos/acme/rates/git/ref/heads%2Fmain";

test.each([
  ["archived", { ...about, archived: true }, null],
  ["a fork", { ...about, fork: true }, null],
  ["empty", about, 409],
])("a repository that is %s is passed over", async (_title, answer, status) => {
  const api = nock("https://api.github.com");
  api.get("/app").reply(200, { slug: "copatcher" });
  api.get("/repos/acme/rates").reply(200, answer);
  if (status !== null) api.get(refs).reply(status, { message: "Git Repository is empty." });
  const forges = createGitHubForges({
    octokitForInstallation: async () => new Octokit({ log: quiet }),
    webUrl: "https://github.com",
    clock: createFixedClock(),
    logger: createSilentLogger(),
  });

  expect(await forges.forInstallation(1).proposeOnce(repo, own())).toBeNull();
  expect(nock.isDone()).toBe(true);
  nock.cleanAll();
});

test("one that people edited is known by its marker wherever it comes from", async () => {
  const api = nock("https://api.github.com");
  const wanted = own();
  api.get("/app").reply(200, { slug: "copatcher" });
  api.get("/repos/acme/rates").reply(200, about);
  api.get(refs).reply(200, { object: { sha: "a".repeat(40) } });
  api.get("/repos/acme/rates/pulls").query(true).reply(200, []);
  const earlier = { number: 3, body: `${wanted.marker}\nOld`, user: { login: "copatcher[bot]" } };
  const theirs = { number: 2, body: wanted.marker, user: { login: "rita" } };
  api.get("/repos/acme/rates/issues").query(true).reply(200, [theirs, earlier]);
  const forges = createGitHubForges({
    octokitForInstallation: async () => new Octokit({ log: quiet }),
    webUrl: "https://github.com",
    clock: createFixedClock(),
    logger: createSilentLogger(),
  });

  expect(await forges.forInstallation(1).proposeOnce(repo, wanted)).toBeNull();
  expect(nock.isDone()).toBe(true);
  nock.restore();
});
