import { Octokit } from "@octokit/rest";
import nock from "nock";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createGitHubForges } from "../../../src/adapters/github/forge.ts";
import type { Proposal } from "../../../src/ports/forge.ts";
import { createFixedClock } from "../../fakes/fixed-clock.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";

const api = "https://api.github.com";
const base = "/repos/acme/rates";
const sha = (digit: string): string => digit.repeat(40);

const forge = createGitHubForges({
  octokitForInstallation: async () => new Octokit({ log: { debug() {}, info() {}, warn() {}, error() {} } }),
  webUrl: "https://github.com",
  clock: createFixedClock(),
  logger: createSilentLogger(),
}).forInstallation(1);

const proposal: Proposal = {
  issue: { repo: { owner: "acme", name: "rates" }, number: 1 },
  base: { name: "main", sha: sha("a") },
  branch: "bot/1",
  commitMessage: "fix: x",
  changes: [{ path: "a.py", before: null, after: "A = 1\n" }],
  title: "fix: x",
  body: "Text",
  draft: true,
};

const commit = {
  sha: sha("c"),
  message: "fix: x\n\nCopatcher-Issue: acme/rates#1",
  author: { name: "copatcher[bot]" },
  tree: { sha: sha("d") },
  parents: [{ sha: sha("a") }],
  verification: { verified: false, reason: "unsigned" },
};

const pull = {
  number: 7,
  node_id: "PR_7",
  html_url: "https://github.com/acme/rates/pull/7",
  state: "open",
  draft: true,
  title: "fix: x",
  body: "<!-- copatcher:pull-request:issue=1 -->\nText",
  user: { login: "copatcher[bot]" },
  head: { ref: "bot/1", sha: sha("c") },
  base: { ref: "main" },
};

const listing = (): nock.Interceptor => nock(api).get(`${base}/pulls`).query(true);

const readsBase = (): void => {
  nock(api)
    .get(`${base}/git/commits/${sha("a")}`)
    .reply(200, { ...commit, tree: { sha: sha("b") } });
  nock(api)
    .get(`${base}/git/trees/${sha("b")}`)
    .reply(200, { tree: [], truncated: false });
  nock(api)
    .post(`${base}/git/trees`)
    .reply(201, { sha: sha("d") });
};

beforeAll(() => nock.disableNetConnect());
beforeEach(() => {
  nock(api).get("/app").optionally().reply(200, { slug: "copatcher" });
  listing().reply(200, []);
  nock(api).get(`${base}/git/ref/heads%2Fbot%2F1`).reply(404, { message: "Not Found" });
  readsBase();
});
afterEach(() => nock.cleanAll());
afterAll(() => {
  nock.enableNetConnect();
  nock.restore();
});

const writesCommit = (): void => {
  nock(api)
    .post(`${base}/git/commits`, (body) => !("author" in body) && !("committer" in body))
    .reply(201, commit);
  nock(api)
    .post(`${base}/git/refs`)
    .reply(201, { object: { sha: commit.sha } });
};

test("takes the pull request that another worker opened in the meantime", async () => {
  writesCommit();
  listing().reply(200, []);
  nock(api)
    .post(`${base}/pulls`)
    .reply(422, {
      message: "Validation Failed",
      errors: [{ resource: "PullRequest", code: "custom", message: "A pull request already exists" }],
    });
  listing().reply(200, [pull]);

  expect((await forge.propose(proposal)).number).toBe(7);
});

test("opens a plain pull request where the plan has no drafts, and says that it is none", async () => {
  writesCommit();
  listing().reply(200, []);
  nock(api)
    .post(`${base}/pulls`, (body) => body.draft === true)
    .reply(422, { message: "Draft pull requests are not supported in this repository." });
  nock(api)
    .post(`${base}/pulls`, (body) => body.draft === false)
    .reply(201, { ...pull, draft: false });

  expect((await forge.propose(proposal)).draft).toBe(false);
});

test.each([
  ["FORBIDDEN", "Resource not accessible by integration"],
  ["UNPROCESSABLE", "Draft pull requests are not supported in this repository."],
])("goes on where GitHub answers %s instead of making a draft of a ready one", async (type, message) => {
  const ready = { ...pull, draft: false };
  nock.cleanAll();
  nock(api).get("/app").optionally().reply(200, { slug: "copatcher" });
  listing().reply(200, [ready]).persist();
  const asked = nock(api)
    .post("/graphql", ({ variables }) => variables.id === pull.node_id)
    .reply(200, { data: { convertPullRequestToDraft: null }, errors: [{ type, message }] });
  let askedFirst = false;
  nock(api)
    .get(`${base}/git/ref/heads%2Fbot%2F1`)
    .reply(200, () => {
      askedFirst = asked.isDone();
      return { object: { sha: sha("c") } };
    });
  nock(api)
    .get(`${base}/git/commits/${sha("c")}`)
    .reply(200, commit);
  readsBase();

  expect(await forge.propose(proposal)).toMatchObject({ number: 7, draft: false });
  expect(askedFirst).toBe(true);
});

test("reports a commit that GitHub did not verify", async () => {
  writesCommit();
  listing().reply(200, [pull]);

  expect((await forge.propose(proposal)).verified).toBe(false);
});

test("stops before the branch when the commit is refused", async () => {
  nock(api).post(`${base}/git/commits`).reply(403, { message: "Resource not accessible by integration" });

  await expect(forge.propose(proposal)).rejects.toMatchObject({ code: "forge-rejected" });
  expect(nock.pendingMocks()).toEqual([]);
});

/** What a branch rule says to a change of a branch. */
const ruled = { message: "Repository rule violations found\n\nBranch names must start with team/" };
/** Words of the refusal, which is no race. */
const ruling = {
  code: "forge-rejected",
  message: expect.stringMatching(/GitHub answered 422: Repository rule violations found/),
};

test("a branch that a rule forbids is refused in GitHub's words, after one commit", async () => {
  nock(api).get(`${base}/git/ref/heads%2Fbot%2F1`).reply(404, { message: "Not Found" }).persist();
  const commits = nock(api).post(`${base}/git/commits`).reply(201, commit).persist();
  const written = vi.fn<() => void>();
  commits.on("request", written);
  nock(api).post(`${base}/git/refs`).reply(422, ruled).persist();

  await expect(forge.propose(proposal)).rejects.toMatchObject(ruling);
  expect(written).toHaveBeenCalledTimes(1);
});

test("a commit that a rule keeps off the branch is refused in GitHub's words", async () => {
  const { issue, branch, changes } = proposal;
  nock(api)
    .get(`${base}/git/ref/heads%2Fbot%2F1`)
    .reply(200, { object: { sha: sha("a") } })
    .persist();
  nock(api).post(`${base}/git/commits`).reply(201, commit);
  nock(api).patch(`${base}/git/refs/heads%2Fbot%2F1`).reply(422, ruled);

  const message = "fix: y\n\nCopatcher-Run: 1";
  const wanted = { issue, branch, onto: sha("a"), trailer: "Copatcher-Run: 1", message, changes };

  await expect(forge.pullRequests.addCommit(wanted)).rejects.toMatchObject(ruling);
});
