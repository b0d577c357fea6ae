import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { asEntries } from "../fixtures/make-repository.ts";
import { faultyPath, rightLine, smallIssue } from "../fixtures/small-project.ts";
import { files, makeReviewStage, remarkLine, repo, type ReviewStage } from "./review-stage.ts";

let stage: ReviewStage;
beforeAll(async () => {
  stage = await makeReviewStage();
});
afterAll(() => stage.close());

const headOf = (branch: string): Promise<string> =>
  stage.repository.git("rev-parse", `refs/heads/${branch}`).then((sha) => sha.trim());
const lastWord = async (number: number): Promise<string> => (await stage.said(number)).at(-1) ?? "";
const faces = async (number: number): Promise<readonly string[]> => {
  const asked = (await stage.github.comments(number)).findLast(({ body }) => body.startsWith("/copatcher"));
  return stage.github.reactions(`issues/comments/${asked?.id ?? 0}`);
};

describe("validate", () => {
  test("executes a person's pull request and answers there; nothing is pushed", async () => {
    const number = await stage.propose("topic", files(rightLine));
    const head = await headOf("topic");

    await stage.github.comment(number, "/copatcher validate", "wanda");
    await stage.work();

    expect(await lastWord(number)).toContain("with this patch 1 of 1 no longer shows it");
    expect(await faces(number)).toEqual(["eyes", "rocket"]);
    expect(await headOf("topic")).toBe(head);
  });

  test("is refused on a closed pull request", async () => {
    const number = await stage.propose("closed", files("    return b + a"));
    await stage.github.closePullRequest(number, "wanda");

    await stage.github.comment(number, "/copatcher validate", "wanda");
    await stage.work();

    expect(await lastWord(number)).toContain("the pull request is closed");
  });

  test("is refused to people without write access", async () => {
    const number = await stage.propose("asked", files("    return b + a"));

    await stage.github.comment(number, "/copatcher validate", "tom");

    expect(await lastWord(number)).toContain("`tom` has `triage` access to this repository");
    expect(await faces(number)).toEqual(["eyes", "confused"]);
  });
});

describe("a pull request of the bot", () => {
  let number: number;
  let branch: string;
  beforeAll(async () => {
    const issue = await stage.github.openIssue(smallIssue.title, smallIssue.body, "rita");
    await stage.github.addLabel(issue, "copatcher", "wanda");
    await stage.work();
    const pull = (await stage.github.pullRequests()).at(-1);
    [number, branch] = [pull?.number ?? 0, pull?.head ?? ""];
  });
  const remark = { path: faultyPath, line: 3, body: "Say why, please." };
  const review = (sender: string) =>
    stage.github.review(number, { state: "changes_requested", body: "", remarks: [remark] }, sender);
  const commits = async (): Promise<number> =>
    Number(await stage.repository.git("rev-list", "--count", `main..${branch}`));
  const runs = async () => (await stage.runs.recent(50)).filter(({ issue }) => issue.ref.number === number);

  test("is not revised for a review of somebody without write access, and nobody is told so", async () => {
    const before = await stage.said(number);

    await review("rita");

    expect(await runs()).toEqual([]);
    expect(await stage.said(number)).toEqual(before);
    stage.github.resolveThread(stage.github.threads(number)[0]?.remarks[0]?.id ?? 0);
  });

  test("gets one commit and an answer per thread for a review that asks for changes", async () => {
    const sent = await review("wanda");
    await stage.work();
    await stage.github.redeliver(sent);
    await stage.work();

    expect(await commits()).toBe(2);
    expect(await stage.repository.git("show", `${branch}:${faultyPath}`)).toContain(remarkLine);
    expect(await stage.repository.git("log", "-1", "--format=%an %B", branch)).toMatch(
      /^copatcher\[bot\] fix: answer the review[^]*Copatcher-Issue: acme\/rates#\d+/,
    );
    const [, thread] = stage.github.threads(number);
    expect(thread?.remarks.map(({ author }) => author)).toEqual(["wanda", "copatcher[bot]"]);
    expect(thread?.resolved).toBe(false);
    const body = (await stage.github.pullRequests()).find((pull) => pull.number === number)?.body;
    expect(body).toMatch(/^<!-- copatcher:pull-request[^]*### Evidence after the revision in/);
    expect(await lastWord(number)).toContain("**Copatcher added commit");
    expect(stage.github.checks().at(-1)).toMatchObject({
      name: "copatcher / validation",
      headSha: await headOf(branch),
      summary: expect.stringContaining("After a revision"),
    });
  });

  test("keeps what somebody pushed while a revision was written", async () => {
    await stage.github.comment(number, "/copatcher revise\nShorter.", "wanda");

    await stage.work((deps) => ({
      ...deps,
      tools: {
        ...deps.tools,
        workspace: {
          ...deps.tools.workspace,
          async checkout(...all) {
            const checkout = await deps.tools.workspace.checkout(...all);
            await stage.repository.commit(asEntries(files("    return sum((a, b))")), branch);
            return checkout;
          },
        },
      },
    }));

    expect(await lastWord(number)).toMatch(/has moved on since|changed nothing/);
    expect(await stage.repository.git("show", `${branch}:${faultyPath}`)).toContain("sum((a, b))");
  });

  test("is no place for revise when it is somebody else's", async () => {
    const other = await stage.propose("others", files("    return a - -b"));

    await stage.github.comment(other, "/copatcher revise", "wanda");

    expect(await lastWord(other)).toContain("this is none of them");
    expect(await faces(other)).toEqual(["eyes", "confused"]);
  });

  test("is not revised any more when it is closed", async () => {
    await stage.github.closePullRequest(number, "wanda");
    const before = await commits();

    await stage.github.comment(number, "/copatcher revise\nShorter.", "wanda");
    await stage.work();

    expect(await lastWord(number)).toContain("the pull request is closed");
    expect(await commits()).toBe(before);
    expect(await stage.forge.pullRequests.pullRequest(repo, number)).toMatchObject({ open: false });
  });
});
