import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { IssueRef } from "../../src/domain/issue.ts";
import type { BranchCommit, PullRequests } from "../../src/ports/pull-requests.ts";

/** One pull request of the App with one commit, and what anyone sees of it. */
export type PullRequestsSubject = {
  readonly requests: PullRequests;
  readonly pull: IssueRef;
  readonly branch: string;
  readonly base: string;
  /** A file of its head, and what stands in it. */
  readonly file: { readonly path: string; readonly text: string };
  /** Begins a thread; gives the id of its first remark. */
  remark(path: string, line: number, by: string, body: string): Promise<number>;
  resolve(first: number): Promise<void>;
  /** What the App said in a thread, oldest first. */
  answers(first: number): Promise<readonly string[]>;
  body(): Promise<string>;
  close(): Promise<void>;
};

/** What the bot does with pull requests that are there. */
export function pullRequestsContract(name: string, make: () => Promise<PullRequestsSubject>): void {
  describe(`${name} as PullRequests`, () => {
    let subject: PullRequestsSubject;
    beforeAll(async () => {
      subject = await make();
    });
    afterAll(() => subject.close());

    const seen = async () => {
      const found = await subject.requests.pullRequest(subject.pull.repo, subject.pull.number);
      if (found === null) throw new RangeError("there is no pull request");
      return found;
    };
    const commit = async (change: Partial<BranchCommit> = {}): Promise<BranchCommit> => {
      const { path, text } = subject.file;
      return {
        issue: { ...subject.pull, number: 1 },
        branch: subject.branch,
        onto: (await seen()).head.sha,
        trailer: "Copatcher-Run: run-1",
        message: "fix: answer the review\n\nCopatcher-Run: run-1\n",
        changes: [{ path, before: text, after: `${text}# one\n` }],
        ...change,
      };
    };

    test("shows both sides, whose it is, and whether it is open", async () => {
      expect(await seen()).toMatchObject({
        open: true,
        own: true,
        head: { branch: subject.branch, foreign: false },
        base: { branch: subject.base },
      });
    });

    test("knows no pull request of another number", async () => {
      expect(await subject.requests.pullRequest(subject.pull.repo, 9_999)).toBeNull();
    });

    test("finds the commit at which the head left its base", async () => {
      const { head, base } = await seen();

      expect(await subject.requests.forkPoint(subject.pull.repo, base.sha, head.sha)).toBe(base.sha);
    });

    test("tells threads with their places, whose remarks they are, and which ones are resolved", async () => {
      const { path } = subject.file;
      const first = await subject.remark(path, 1, "wanda", "Why?");
      const second = await subject.remark(path, 2, "rita", "Fine");
      await subject.remark(path, 1, "tom", "And this?");
      await subject.resolve(second);

      const threads = await subject.requests.reviewThreads(subject.pull.repo, subject.pull.number);

      expect(threads.map(({ resolved, line }) => [resolved, line])).toEqual([
        [false, 1],
        [true, 2],
        [false, 1],
      ]);
      expect(threads[0]).toMatchObject({
        path,
        comments: [{ id: first, author: "wanda", own: false, body: "Why?" }],
      });
    });

    test("asks for reviews and puts labels on, twice too, and has nothing to tell when none is refused", async () => {
      const wanted = { reviewers: ["wanda"], labels: ["bug", "needs a look"] };

      for (const _ of [1, 2])
        expect(await subject.requests.invite(subject.pull, wanted)).toEqual({ reviewers: [], labels: [] });
    });

    test("answers a thread once, however often it is asked to", async () => {
      const first = await subject.remark(subject.file.path, 1, "wanda", "Again?");

      for (const body of ["Done.", "Done again."])
        await subject.requests.reply(subject.pull, first, "<!-- run-1 -->", body);
      await subject.requests.reply(subject.pull, first, "<!-- run-2 -->", "More.");

      const answers = await subject.answers(first);
      expect(answers.map((answer) => answer.split("\n").at(-1))).toEqual(["Done.", "More."]);
    });

    test("puts its section above what people wrote, and replaces only that", async () => {
      const before = await subject.body();

      for (const text of ["first", "second"])
        await subject.requests.putSection(subject.pull, "<!-- copatcher:revision -->", text);

      const after = await subject.body();
      expect(after).toContain("second");
      expect(after).not.toContain("first");
      expect(after.endsWith(before.split("\n").at(-1) ?? "")).toBe(true);
    });

    test("adds a commit once, and not when the head is another one", async () => {
      const { sha: before } = (await seen()).head;
      const wanted = await commit();

      const added = await subject.requests.addCommit(wanted);
      const again = await subject.requests.addCommit(wanted);

      expect(added).toMatchObject({ kind: "committed" });
      expect(again).toEqual(added);
      expect((await seen()).head.sha).not.toBe(before);
      const other = {
        ...wanted,
        trailer: "Copatcher-Run: run-2",
        message: "fix: more\n\nCopatcher-Run: run-2\n",
      };
      expect(await subject.requests.addCommit(other)).toEqual({ kind: "moved" });
    });

    test("adds nothing to a branch that is gone", async () => {
      expect(await subject.requests.addCommit(await commit({ branch: "copatcher/gone" }))).toEqual({
        kind: "moved",
      });
    });
  });
}
