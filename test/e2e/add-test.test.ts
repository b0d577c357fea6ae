import { afterAll, beforeAll, expect, test } from "vitest";
import { asEntries } from "../fixtures/make-repository.ts";
import { smallIssue } from "../fixtures/small-project.ts";
import { goodTestId, testPath } from "../fixtures/tested-project.ts";
import { files, makeReviewStage, type ReviewStage } from "./review-stage.ts";

let stage: ReviewStage;
/** The bot's pull request, its branch and its verdict's check. */
let number: number;
let branch: string;
let check: number;
beforeAll(async () => {
  stage = await makeReviewStage();
  const issue = await stage.github.openIssue(smallIssue.title, smallIssue.body, "rita");
  await stage.github.addLabel(issue, "copatcher", "wanda");
  await stage.work();
  const pull = (await stage.github.pullRequests()).at(-1);
  [number, branch] = [pull?.number ?? 0, pull?.head ?? ""];
  check = stage.github.checks().at(-1)?.id ?? 0;
});
afterAll(() => stage.close());

const lastWord = async (on = number): Promise<string> => (await stage.said(on)).at(-1) ?? "";
const faces = async (on = number): Promise<readonly string[]> => {
  const asked = (await stage.github.comments(on)).findLast(({ body }) => body.startsWith("/copatcher"));
  return stage.github.reactions(`issues/comments/${asked?.id ?? 0}`);
};
const commits = async (): Promise<number> =>
  Number(await stage.repository.git("rev-list", "--count", `main..${branch}`));
const waiting = async (): Promise<number> =>
  (await stage.runs.recent(50)).filter(({ state }) => state.at === "queued").length;

test("a head that moves while the test is written stays as it is", async () => {
  await stage.github.comment(number, "/copatcher add-test", "wanda");

  await stage.work((deps) => ({
    ...deps,
    tools: {
      ...deps.tools,
      sandbox: {
        ...deps.tools.sandbox,
        async open(...all) {
          await stage.repository.commit(asEntries(files("    return b + a")), branch);
          return deps.tools.sandbox.open(...all);
        },
      },
    },
  }));

  expect(await lastWord()).toContain("the branch has moved on since");
  expect(await commits()).toBe(2);
  await stage.repository.git("update-ref", `refs/heads/${branch}`, `${branch}~1`);
});

test("the script becomes one commit with a test, and a verdict beside it, however often it is delivered", async () => {
  const sent = await stage.github.comment(number, "/copatcher add-test", "wanda");
  await stage.work();
  await stage.github.redeliver(sent);
  await stage.work();

  expect(await commits()).toBe(2);
  expect(await stage.repository.git("show", `${branch}:${testPath}`)).toContain("add(2, 2), 4");
  expect(await stage.repository.git("log", "-1", "--format=%an %B", branch)).toMatch(
    /^copatcher\[bot\] test: add subtracts\n[^]*Copatcher-Run: [^]*Copatcher-Issue: acme\/rates#\d+/,
  );
  expect(stage.github.checks().at(-1)).toMatchObject({
    name: "copatcher / validation",
    headSha: (await stage.repository.git("rev-parse", branch)).trim(),
    summary: expect.stringContaining(goodTestId),
    actions: ["rerun", "add-test", "cancel"],
  });
  const body = (await stage.github.pullRequests()).find((pull) => pull.number === number)?.body;
  expect(body).toMatch(/^<!-- copatcher:pull-request[^]*### Evidence with the test added in/);
  expect(body).toContain("`/copatcher add-test` adds a commit with a test");
  expect(await lastWord()).toContain("**Copatcher added a test in commit");
  expect(await faces()).toEqual(["eyes", "rocket"]);
});

test("a revision runs the added test with the others, and leaves it where it is", async () => {
  await stage.github.comment(number, "/copatcher revise\nSay why.", "wanda");
  await stage.work();

  const said = await lastWord();
  expect(said).toContain("**Validated.**");
  expect(said).toContain("The one selected test that passed before still passes.");
  expect(said).toContain("The test that Copatcher added passes, too.");
  expect(await stage.repository.git("show", "--stat", "--format=", branch)).not.toContain(testPath);
  await stage.repository.git("update-ref", `refs/heads/${branch}`, `${branch}~1`);
});

test("who edits the added test has edited a test, whatever the commit says of itself", async () => {
  const show = (path: string) => stage.repository.git("show", `${branch}:${path}`);
  const [text, message] = [
    await show(testPath),
    await stage.repository.git("log", "-1", "--format=%B", branch),
  ];
  const edited = text.replace("add(0, 0), 0", "add(0, 0), add(0, 0)");
  await stage.repository.commit(asEntries({ ...files("    return a + b"), [testPath]: edited }), branch);
  const [tree, parent] = [`${branch}^{tree}`, `${branch}~1`];
  const author = ["-c", "user.name=copatcher[bot]", "-c", "user.email=bot@example.org"];
  const forged = await stage.repository.git(...author, "commit-tree", tree, "-p", parent, "-m", message);
  await stage.repository.git("update-ref", `refs/heads/${branch}`, forged.trim());

  await stage.github.comment(number, "/copatcher validate", "wanda");
  await stage.work();

  expect(await lastWord()).toContain("the patch edits the files of all tests that were run");
  await stage.repository.git("update-ref", `refs/heads/${branch}`, parent);
});

test("the button beside the verdict asks for the same, on the pull request, once for each press", async () => {
  const pressed = await stage.github.pressAction(check, "add-test", "wanda");
  await stage.github.redeliver(pressed);

  expect((await stage.runs.recent(50)).filter(({ state }) => state.at === "queued")).toMatchObject([
    { kind: "test-addition", pullRequest: number, issue: { ref: { number } }, trigger: { sender: "wanda" } },
  ]);
  await stage.github.comment(number, "/copatcher cancel", "wanda");
  expect(await waiting()).toBe(0);
});

test("the button of somebody without write access starts nothing, and the pull request says why", async () => {
  await stage.github.pressAction(check, "add-test", "tom");

  expect(await waiting()).toBe(0);
  expect((await stage.said(number)).join("\n")).toContain("`tom` has `triage` access to this repository");
});

test("somebody without write access is refused", async () => {
  await stage.github.comment(number, "/copatcher add-test", "tom");

  expect(await faces()).toEqual(["eyes", "confused"]);
  expect(await waiting()).toBe(0);
});

test("a person's pull request is no place for it", async () => {
  const other = await stage.propose("others", files("    return b + a"));

  await stage.github.comment(other, "/copatcher add-test", "wanda");

  expect(await lastWord(other)).toContain(
    "`/copatcher add-test` works on pull requests that Copatcher opened",
  );
  expect(await faces(other)).toEqual(["eyes", "confused"]);
});

test("a closed pull request gets no test", async () => {
  await stage.github.closePullRequest(number, "wanda");
  const before = await commits();

  await stage.github.comment(number, "/copatcher add-test", "wanda");
  await stage.work();

  expect((await stage.said(number)).join("\n")).toContain("the pull request is closed");
  expect(await commits()).toBe(before);
});
