import { afterAll, beforeAll, expect, test } from "vitest";
import { smallIssue } from "../fixtures/small-project.ts";
import { makeReviewStage, type ReviewStage } from "./review-stage.ts";

let stage: ReviewStage;
beforeAll(async () => {
  stage = await makeReviewStage();
});
afterAll(() => stage.close());

test("somebody who loses access while their run is under way gets no pull request", async () => {
  const issue = await stage.github.openIssue(smallIssue.title, smallIssue.body, "rita");
  await stage.github.comment(issue, "/copatcher fix", "wanda");
  await stage.github.grant("wanda", "read");

  await stage.work();

  expect(await stage.github.pullRequests()).toEqual([]);
  expect((await stage.said(issue)).at(-1)).toContain(
    "`wanda`, who asked for it, may not ask for it any more",
  );
  expect(await stage.repository.git("for-each-ref", "--format=%(refname)", "refs/heads")).toBe(
    "refs/heads/main\n",
  );
});
