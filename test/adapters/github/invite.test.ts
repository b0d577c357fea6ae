import { afterAll, beforeAll, expect, test } from "vitest";
import type { IssueRef } from "../../../src/domain/issue.ts";
import { makeGitHubWorld, type GitHubWorld } from "../../fixtures/embedded-github.ts";
import { asEntries } from "../../fixtures/make-repository.ts";

const repo = { owner: "acme", name: "rates" };
let world: GitHubWorld;
let pull: IssueRef;
beforeAll(async () => {
  world = await makeGitHubWorld(asEntries({ "README.md": "# Rates\n" }));
  await world.repository.git("branch", "topic", "main");
  await world.repository.commit(asEntries({ "README.md": "# Other rates\n" }), "topic");
  await world.github.openPullRequest("topic", "main", "Other rates", "wanda");
  pull = { repo, number: (await world.github.pullRequests()).at(-1)?.number ?? 0 };
});
afterAll(() => world.close());

const seen = async () => {
  const { data } = await world.client.rest.pulls.get({
    owner: "acme",
    repo: "rates",
    pull_number: pull.number,
  });
  return {
    reviewers: data.requested_reviewers?.map(({ login }) => login),
    labels: data.labels.map(({ name }) => name),
  };
};

test("people are asked and labels are put on, new ones too, whatever is refused beside them", async () => {
  const refused = await world.forge.pullRequests.invite(pull, {
    reviewers: ["nobody-there", "mia", "otto"],
    labels: ["never seen before"],
  });

  expect(refused).toEqual({ reviewers: ["nobody-there", "otto"], labels: [] });
  expect(await seen()).toEqual({ reviewers: ["mia"], labels: ["never seen before"] });
});

test("asking again changes nothing", async () => {
  await world.forge.pullRequests.invite(pull, { reviewers: ["mia"], labels: ["never seen before"] });

  expect(await seen()).toEqual({ reviewers: ["mia"], labels: ["never seen before"] });
});
