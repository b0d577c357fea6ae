import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CheckRun } from "../../src/domain/check-run.ts";
import type { IssueRef } from "../../src/domain/issue.ts";
import type { Forge, OwnIssue } from "../../src/ports/forge.ts";

export type SeenSignal = {
  readonly title: string;
  readonly conclusion: string | null;
  readonly annotations: number;
};

/** One forge with one issue, and a commit that checks may be about. */
export type ForgeSignalsSubject = {
  readonly forge: Forge;
  readonly issue: IssueRef;
  readonly headSha: string;
  addLabel(name: string): Promise<void>;
  /** Of the issue. */
  reactions(): Promise<readonly string[]>;
  checks(): Promise<readonly SeenSignal[]>;
  /** Issues of the App, oldest first. */
  ownIssues(): Promise<readonly { readonly title: string; readonly body: string; readonly open: boolean }[]>;
  close(): Promise<void>;
};

const label = (name: string) => ({ name, color: "ededed", description: "for a test" });
const family = ["bot: one", "bot: two"];

/** What a forge shows beside comments and pull requests: labels, reactions, checks, the bot's own issues. */
export function forgeSignalsContract(name: string, makeSubject: () => Promise<ForgeSignalsSubject>): void {
  describe(`${name} as a Forge that shows signals`, () => {
    let subject: ForgeSignalsSubject;
    beforeAll(async () => {
      subject = await makeSubject();
    });
    afterAll(() => subject.close());

    const check = (change: Partial<CheckRun> = {}): CheckRun => ({
      headSha: subject.headSha,
      name: "bot / check",
      externalId: "one",
      conclusion: "failure",
      title: "1 error",
      summary: "What is **wrong**.",
      annotations: [{ path: "a.yml", line: 2, column: 3, level: "failure", message: "is wrong" }],
      actions: [{ identifier: "again", label: "Again", description: "Do it again" }],
      ...change,
    });
    const own = (change: Partial<OwnIssue> = {}): OwnIssue => ({
      marker: "<!-- m:own-issue -->",
      title: "It is wrong",
      body: "Line 1",
      open: true,
      ...change,
    });

    test("reacts once, however often it is asked to", async () => {
      const target = { kind: "issue", issue: subject.issue } as const;

      await subject.forge.react(target, "eyes");
      await subject.forge.react(target, "eyes");
      await subject.forge.react(target, "rocket");

      expect(await subject.reactions()).toEqual(["eyes", "rocket"]);
    });

    test("paints one label of a family over the others, and leaves people's labels alone", async () => {
      const { forge, issue } = subject;
      await subject.addLabel("bug");

      await forge.paintLabel(issue, label("bot: one"), family);
      await forge.paintLabel(issue, label("bot: two"), family);
      await forge.paintLabel(issue, label("bot: two"), family);

      expect((await forge.labels(issue)).toSorted()).toEqual(["bot: two", "bug"]);
    });

    test("takes every label of a family off", async () => {
      const { forge, issue } = subject;
      await forge.paintLabel(issue, label("bot: one"), family);

      await forge.paintLabel(issue, null, family);

      expect((await forge.labels(issue)).filter((name) => name.startsWith("bot"))).toEqual([]);
    });

    test("writes a check once, and brings it up to date in place", async () => {
      const { forge, issue } = subject;

      const first = await forge.upsertCheckRun(issue.repo, check());
      expect(await forge.upsertCheckRun(issue.repo, check())).toBe(first);
      const success = check({ conclusion: "success", title: "Right" });
      expect(await forge.upsertCheckRun(issue.repo, success)).toBe(first);

      expect(await subject.checks()).toEqual([{ title: "Right", conclusion: "success", annotations: 1 }]);
    });

    test("keeps checks with different ids apart", async () => {
      const { forge, issue } = subject;
      const before = await subject.checks();

      await forge.upsertCheckRun(issue.repo, check({ externalId: "two" }));

      expect(await subject.checks()).toHaveLength(before.length + 1);
    });

    test("opens no issue for what is done already", async () => {
      expect(await subject.forge.upsertIssue(subject.issue.repo, own({ open: false }))).toBeNull();
      expect(await subject.ownIssues()).toEqual([]);
    });

    test("opens one issue, edits it, closes it and opens it again", async () => {
      const { forge, issue } = subject;
      const told = (change: Partial<OwnIssue>) => forge.upsertIssue(issue.repo, own(change));

      const [one, two] = await Promise.all([told({}), told({})]);
      expect(two).toBe(one);
      expect(await told({ body: "Line 2" })).toBe(one);
      expect(await subject.ownIssues()).toEqual([
        { title: "It is wrong", body: "<!-- m:own-issue -->\nLine 2", open: true },
      ]);
      await told({ title: "It is right", body: "Nothing", open: false });
      expect(await subject.ownIssues()).toMatchObject([{ title: "It is right", open: false }]);
      expect(await told({})).toBe(one);
      expect(await subject.ownIssues()).toMatchObject([{ title: "It is wrong", open: true }]);
    });
  });
}
