import { afterAll, beforeAll, expect, test } from "vitest";
import { asEntries } from "../fixtures/make-repository.ts";
import { smallIssue, smallProject } from "../fixtures/small-project.ts";
import { makeReviewStage, repo, type ReviewStage } from "./review-stage.ts";

let stage: ReviewStage;
beforeAll(async () => {
  stage = await makeReviewStage();
});
afterAll(() => stage.close());

const settings = (text: string) =>
  stage.repository.commit(
    asEntries({
      ...smallProject,
      ".github/copatcher.yml": text,
      "docs/pull_request_template.md": "## Checklist\n\n- [ ] @acme/all read it\n",
    }),
  );
const worked = async (): Promise<number> => {
  const issue = await stage.github.openIssue(smallIssue.title, smallIssue.body, "rita");
  await stage.github.addLabel(issue, "copatcher", "wanda");
  await stage.work();
  return issue;
};

test("a pull request looks as the repository's settings and template say", async () => {
  await settings(`
pr: {title: "[{number}] {title}", link: refs, evidence: short, reviewers: [requester, nobody-there], labels: [bot]}
branch: {name: "fix/{number}-{slug}"}
`);

  const issue = await worked();

  const pull = (await stage.github.pullRequests()).at(-1);
  expect(pull?.head).toBe(`fix/${issue}-add-subtracts`);
  expect(pull?.title).toContain(`[${issue}] ${smallIssue.title}`);
  expect(pull?.body).toMatch(/Refs #\d+\.[\s\S]*## Checklist\n\n- \[ \] @\u200Bacme\/all read it\n\n\*\*/);
  expect(pull?.body).not.toContain("<summary>Script");
  const { data } = await stage.client.rest.pulls.get({
    owner: repo.owner,
    repo: repo.name,
    pull_number: pull?.number ?? 0,
  });
  expect(data.requested_reviewers?.map(({ login }) => login)).toEqual(["wanda"]);
  expect(data.labels.map(({ name }) => name)).toEqual(["bot"]);
  expect((await stage.said(issue)).at(-1)).toContain("a review by `nobody-there`");
});

test("a patch of a sensitive file is a flagged draft, whatever its evidence and the mode", async () => {
  await settings("paths: {sensitive: ['calc/*.py']}\npr: {mode: ready}");

  await worked();

  const pull = (await stage.github.pullRequests()).at(-1);
  expect(pull?.draft).toBe(true);
  expect(pull?.body).toMatch(/\*\*Validated\.[\s\S]*### Look at these files[\s\S]*: `calc\/core\.py`\./);
});

test("the settings' own branch is what is worked on, under the settings of the default branch", async () => {
  await stage.repository.git("branch", "develop", "main");
  await settings("branch: {base: develop}\npr: {title: 'for develop: {title}'}");

  await worked();

  const pull = (await stage.github.pullRequests()).at(-1);
  expect(pull?.base).toBe("develop");
  expect(pull?.title).toContain("for develop: ");
});

test("in a dry run the patch is in the comment, no branch is written, and a revision is refused", async () => {
  await settings("dry_run: true");
  const branches = () => stage.repository.git("branch", "--list");
  const before = await branches();

  const issue = await worked();

  expect((await stage.said(issue)).at(-1)).toContain("```diff");
  expect(await branches()).toBe(before);
  const own = (await stage.github.pullRequests()).at(-1)?.number ?? 0;
  await stage.github.comment(own, "/copatcher revise", "wanda");
  expect((await stage.said(own)).at(-1)).toContain("no commit is made here (`dry_run: true`)");
});

test("an issue that has had its runs gets no other, and the limit is named", async () => {
  await settings("limits: {runs_per_issue: 1}");
  const issue = await worked();

  await stage.github.comment(issue, "/copatcher retry", "wanda");

  expect((await stage.said(issue)).at(-1)).toMatch(
    /1 runs were started for this issue, and the limit is 1\.[\s\S]*copatcher\.yml/,
  );
});
