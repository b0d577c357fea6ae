import { afterAll, beforeAll, expect, test } from "vitest";
import { makeBotWorld } from "../fixtures/bot-world.ts";
import { asEntries } from "../fixtures/make-repository.ts";
import { publishedFiles, publishNext } from "../fixtures/published-run.ts";
import { faultyLine, smallIssue } from "../fixtures/small-project.ts";
import { files, makeReviewStage, type ReviewStage } from "./review-stage.ts";

let stage: ReviewStage;
beforeAll(async () => {
  stage = await makeReviewStage();
});
afterAll(() => stage.close());

test("a pull request says when its base branch was changed under it", async () => {
  const issue = await stage.github.openIssue(smallIssue.title, smallIssue.body, "rita");
  await stage.github.addLabel(issue, "copatcher", "wanda");
  let pushed = false;

  await stage.work((deps) => ({
    ...deps,
    tools: {
      ...deps.tools,
      // while the patch is written somebody changes the same line
      inference: {
        ...deps.tools.inference,
        async sample(request, signal) {
          if (!pushed) {
            pushed = true;
            await stage.repository.commit(asEntries(files(faultyLine.replace("a - b", "-b + a"))));
          }
          return deps.tools.inference.sample(request, signal);
        },
      },
    },
  }));

  expect(pushed).toBe(true);
  const pull = (await stage.github.pullRequests()).at(-1);
  expect(pull).toMatchObject({ draft: true });
  expect(pull?.body).toContain("### The base branch has moved");
  expect(pull?.body).toContain("does not fit there any more");
});

test("a validated patch is a draft only where it does not hold on the new head", async () => {
  const world = await makeBotWorld(asEntries(publishedFiles));
  const drafts: boolean[] = [];
  for (const holds of [true, false]) {
    const issue = await world.github.openIssue("Bug", "It breaks", "rita");
    await world.github.addLabel(issue, "copatcher", "wanda");
    const text = "### The base branch has moved";
    drafts.push((await publishNext(world, "validated", { holds, text })).pull.draft);
  }

  expect(drafts).toEqual([false, true]);
  expect(world.github.checks().every(({ summary }) => summary.includes("branch has moved"))).toBe(true);
  await world.close();
});
