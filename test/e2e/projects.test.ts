import { afterAll, beforeAll, expect, test } from "vitest";
import { asEntries } from "../fixtures/make-repository.ts";
import { faultyPath, smallIssue, smallProject } from "../fixtures/small-project.ts";
import { makeReviewStage, type ReviewStage } from "./review-stage.ts";

const web = Array.from({ length: 9 }, (_, nth) => [`web/page-${nth}.ts`, "export {};\n"] as const);

let stage: ReviewStage;
beforeAll(async () => {
  stage = await makeReviewStage();
  await stage.repository.commit(
    asEntries({
      ...smallProject,
      ...Object.fromEntries(web),
      ".github/copatcher.yml": "projects: [{path: calc/**, tests: {command: make calc}}, {path: web/**}]\n",
    }),
  );
});
afterAll(() => stage.close());

test("of a repository with more of another language the part that the command names is repaired", async () => {
  const issue = await stage.github.openIssue(smallIssue.title, smallIssue.body, "rita");
  await stage.github.comment(issue, "/copatcher fix path=calc", "wanda");
  await stage.work();

  const pull = (await stage.github.pullRequests()).at(-1);
  const patch = await stage.repository.git("diff", "--name-only", "main", `refs/heads/${pull?.head}`);
  expect(patch.trim()).toBe(faultyPath);
  expect((await stage.said(issue)).at(-1)).toContain(
    "environment and tests are those of calc/\\*\\*, since `path=` names it".replaceAll("`", "\\`"),
  );
});

test("an issue that names files of the other part is worked on there", async () => {
  const issue = await stage.github.openIssue("Pages break", "See web/page-1.ts", "rita");
  await stage.github.addLabel(issue, "copatcher", "wanda");
  await stage.work();

  expect((await stage.said(issue)).at(-1)).toContain("those of web/\\*\\*, since only files of it are named");
});
