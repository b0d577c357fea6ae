import { Octokit } from "@octokit/rest";
import nock from "nock";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createGitHubForges } from "../../../src/adapters/github/forge.ts";
import { createFixedClock } from "../../fakes/fixed-clock.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";

const repo = { owner: "acme", name: "rates" };

beforeAll(() => nock.disableNetConnect());
afterAll(() => {
  nock.enableNetConnect();
  nock.restore();
});

test.each([
  ["a branch of the repository", { full_name: "acme/rates" }, false],
  ["a fork", { full_name: "rita/rates" }, true],
  ["a fork that is gone", null, true],
])("a pull request from %s is told as such", async (_title, from, foreign) => {
  const api = nock("https://api.github.com");
  api.get("/app").reply(200, { slug: "copatcher" });
  api.get("/repos/acme/rates/pulls/5").reply(200, {
    number: 5,
    title: "Fix",
    body: null,
    state: "open",
    user: null,
    head: { ref: "main", sha: "b".repeat(40), repo: from },
    base: { ref: "main", sha: "a".repeat(40), repo: { full_name: "acme/rates" } },
  });
  const forges = createGitHubForges({
    octokitForInstallation: async () => new Octokit(),
    webUrl: "https://github.com",
    clock: createFixedClock(),
    logger: createSilentLogger(),
  });

  const pull = await forges.forInstallation(1).pullRequests.pullRequest(repo, 5);

  expect(pull).toMatchObject({ author: "ghost", own: false, head: { branch: "main", foreign } });
});
