import { afterAll, beforeAll, expect, test } from "vitest";
import { smallIssue } from "../fixtures/small-project.ts";
import { makeReviewStage, repo, type ReviewStage } from "./review-stage.ts";

let stage: ReviewStage;
let issue: number;
let pull: number;
beforeAll(async () => {
  stage = await makeReviewStage();
  issue = await stage.github.openIssue(smallIssue.title, smallIssue.body, "rita");
  await stage.github.addLabel(issue, "copatcher", "wanda");
  await stage.work();
  pull = (await stage.github.pullRequests()).at(-1)?.number ?? 0;
});
afterAll(() => stage.close());

const live = () => stage.runs.live({ repo, number: issue });

test("a tick in the pull request's text by somebody with too little access starts nothing", async () => {
  const { status } = await stage.github.tickPullRequest(pull, "control=retry", "tom");

  expect(status).toBe(200);
  expect(await live()).toEqual([]);
});

test("a tick of retry in the pull request's text is a new attempt at its issue, once for each press", async () => {
  // ticked by now
  await stage.client.rest.pulls.update({
    owner: repo.owner,
    repo: repo.name,
    pull_number: pull,
    body: (await text()).replace("[x]", "[ ]"),
  });

  const pressed = await stage.github.tickPullRequest(pull, "control=retry", "wanda");
  await stage.github.redeliver(pressed);

  expect(await live()).toMatchObject([
    { kind: "repair", attempt: 2, issue: { ref: { number: issue } }, trigger: { sender: "wanda" } },
  ]);
});

const text = async (): Promise<string> => (await stage.github.pullRequests()).at(-1)?.body ?? "";
