import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FileChange } from "../../src/domain/edit.ts";
import { editionLine } from "../../src/domain/edition.ts";
import type { Issue } from "../../src/domain/issue.ts";
import type { Branch, Forge, Proposal } from "../../src/ports/forge.ts";

/** Files of the base commit of every subject. */
export const baseFiles = {
  "README.md": "# Rates\n",
  "src/rates.py": "RATE = 1\n",
  "src/old name é.py": "OLD = 1\n",
};

export type SeenProposal = {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
  readonly head: string;
};

/** One forge with one issue on one repository whose base commit holds at least `baseFiles`. */
export type ForgeSubject = {
  readonly forge: Forge;
  readonly issue: Issue;
  readonly base: Branch;
  /** Somebody who may start runs. */
  readonly maintainer: string;
  /** Bodies of the comments on the issue, oldest first. */
  comments(): Promise<readonly string[]>;
  proposals(): Promise<readonly SeenProposal[]>;
  /** The unified diff that the proposal's branch stands for. */
  patch(branch: string): Promise<string>;
  addLabel(name: string): Promise<void>;
  /** Labels of the issue; none on a forge that keeps none. */
  labels(): Promise<readonly string[]>;
  close(): Promise<void>;
};

const rate = (after: string): FileChange => ({
  path: "src/rates.py",
  before: baseFiles["src/rates.py"],
  after,
});

export function forgeContract(name: string, makeSubject: () => Promise<ForgeSubject>): void {
  describe(`${name} as a Forge`, () => {
    let subject: ForgeSubject;
    beforeAll(async () => {
      subject = await makeSubject();
    });
    afterAll(() => subject.close());

    const proposal = (branch: string, changes: readonly FileChange[]): Proposal => ({
      issue: subject.issue.ref,
      base: subject.base,
      branch,
      commitMessage: "fix: the rate\n\nRefs #1",
      changes,
      title: "fix: the rate",
      body: "What was **wrong**.\n",
      draft: true,
    });

    test("gives the issue as it was written", async () => {
      expect(await subject.forge.issue(subject.issue.ref)).toEqual(subject.issue);
    });

    test("refuses an issue that does not exist", async () => {
      const missing = { ...subject.issue.ref, number: 9_999 };

      await expect(subject.forge.issue(missing)).rejects.toMatchObject({ code: "forge-rejected" });
    });

    test("names the default branch and its head", async () => {
      expect(await subject.forge.defaultBranch(subject.issue.ref.repo)).toEqual(subject.base);
    });

    test("gives a file of the default branch, byte by byte", async () => {
      const { forge, issue } = subject;

      const bytes = await forge.file(issue.ref.repo, "src/rates.py");

      expect(Buffer.from(bytes ?? []).toString()).toBe(baseFiles["src/rates.py"]);
    });

    test("gives a file of a commit", async () => {
      const { forge, issue, base } = subject;

      const bytes = await forge.file(issue.ref.repo, "README.md", base.sha);

      expect(Buffer.from(bytes ?? []).toString()).toBe(baseFiles["README.md"]);
    });

    test.each([
      ["is not there", null, "none.txt"],
      ["is a folder", null, "src"],
      ["belongs to a repository that nobody may read", "no-such-repository", "README.md"],
    ])("gives nothing for a file that %s", async (_, name, path) => {
      const { repo } = subject.issue.ref;

      expect(await subject.forge.file(name === null ? repo : { ...repo, name }, path)).toBeNull();
    });

    test("lets a maintainer write", async () => {
      const role = await subject.forge.permission(subject.issue.ref.repo, subject.maintainer);

      expect(["write", "maintain", "admin"]).toContain(role);
    });

    test("edits its comment in place", async () => {
      const { forge, issue } = subject;
      const before = await subject.comments();

      const first = await forge.upsertComment(issue.ref, "<!-- m:edit -->", "queued");
      const second = await forge.upsertComment(issue.ref, "<!-- m:edit -->", "running 🛠");

      expect(second).toBe(first);
      const after = await subject.comments();
      expect(after).toHaveLength(before.length + 1);
      expect(after.filter((body) => body.includes("<!-- m:edit -->"))).toEqual([
        "<!-- m:edit -->\nrunning 🛠",
      ]);
    });

    test("writes one comment when several ask for it at once, and keeps the last text", async () => {
      const { forge, issue } = subject;

      const ids = await Promise.all(
        ["queued", "running", "done"].map((body) => forge.upsertComment(issue.ref, "<!-- m:race -->", body)),
      );

      expect(new Set(ids).size).toBe(1);
      expect((await subject.comments()).filter((body) => body.includes("<!-- m:race -->"))).toEqual([
        "<!-- m:race -->\ndone",
      ]);
    });

    test("keeps comments with different markers apart, also when one quotes the other's", async () => {
      const { forge, issue } = subject;

      const one = await forge.upsertComment(issue.ref, "<!-- m:one -->", "one, printed: <!-- m:two -->");
      const two = await forge.upsertComment(issue.ref, "<!-- m:two -->", "two");

      expect(two).not.toBe(one);
      expect(await subject.comments()).toEqual(
        expect.arrayContaining(["<!-- m:one -->\none, printed: <!-- m:two -->", "<!-- m:two -->\ntwo"]),
      );
    });

    test("puts the marker first, also when the text quotes it", async () => {
      const { forge, issue } = subject;

      const first = await forge.upsertComment(issue.ref, "<!-- m:own -->", "printed: <!-- m:own -->");

      expect(await forge.upsertComment(issue.ref, "<!-- m:own -->", "again")).toBe(first);
      expect(await subject.comments()).toContain("<!-- m:own -->\nagain");
    });

    test("keeps the comment of a newer edition, from whichever claim or run the older one comes", async () => {
      const { forge, issue } = subject;
      const say = (attempt: number, fence: number) =>
        forge.upsertComment(issue.ref, "<!-- m:edition -->", `said by ${attempt}.${fence}`, {
          run: `run-${attempt}`,
          attempt,
          fence,
        });
      const said = async () =>
        (await subject.comments()).filter((body) => body.startsWith("<!-- m:edition -->"));

      const first = await say(2, 2);
      expect(await say(2, 2)).toBe(first);
      expect(await say(2, 1)).toBe(first);
      expect(await say(1, 9)).toBe(first);
      expect(await said()).toEqual([expect.stringMatching(/\nsaid by 2\.2$/)]);
      expect(await say(3, 0)).toBe(first);
      expect(await said()).toEqual([expect.stringMatching(/\nsaid by 3\.0$/)]);
    });

    test("does not take an edition from the text of a comment", async () => {
      const { forge, issue } = subject;
      const edition = { run: "run-1", attempt: 1, fence: 1 };
      const forged = `printed:\n${editionLine({ ...edition, attempt: 9 })}`;

      await forge.upsertComment(issue.ref, "<!-- m:forged -->", forged, edition);
      await forge.upsertComment(issue.ref, "<!-- m:forged -->", "done", edition);

      const seen = (await subject.comments()).filter((body) => body.startsWith("<!-- m:forged -->"));
      expect(seen).toEqual([expect.stringMatching(/\ndone$/)]);
    });

    test("changes nothing when the same is said again", async () => {
      const { forge, issue } = subject;
      const edition = { run: "run-1", attempt: 1, fence: 1 };
      const first = await forge.upsertComment(issue.ref, "<!-- m:again -->", "done", edition);
      const before = await subject.comments();

      expect(await forge.upsertComment(issue.ref, "<!-- m:again -->", "done", edition)).toBe(first);
      expect(await subject.comments()).toEqual(before);
    });

    test("removes a label twice", async () => {
      const { forge, issue } = subject;
      await subject.addLabel("copatcher");

      await forge.removeLabel(issue.ref, "copatcher");
      await forge.removeLabel(issue.ref, "copatcher");

      expect(await subject.labels()).toEqual([]);
    });

    test("does not mind removing a label that is not there", async () => {
      await expect(subject.forge.removeLabel(subject.issue.ref, "no such label")).resolves.toBeUndefined();
    });

    test("proposes the patch with its title, body and draft state", async () => {
      const wanted = proposal("bot/first", [rate("RATE = 2\n")]);

      const pullRequest = await subject.forge.propose(wanted);

      expect(pullRequest).toMatchObject({
        title: wanted.title,
        draft: true,
        head: "bot/first",
        base: subject.base.name,
      });
      expect(pullRequest.bodyLength).toBeGreaterThanOrEqual(wanted.body.length);
      const seen = (await subject.proposals()).find(({ head }) => head === "bot/first");
      expect(seen).toMatchObject({ number: pullRequest.number, title: wanted.title, draft: true });
      expect(seen?.body).toContain(wanted.body);
      const patch = await subject.patch("bot/first");
      expect(patch).toContain("\n-RATE = 1\n+RATE = 2\n");
    });

    test("changes nothing when the same is proposed again", async () => {
      const wanted = proposal("bot/twice", [rate("RATE = 2\n")]);
      const first = await subject.forge.propose(wanted);
      const before = await subject.proposals();

      const second = await subject.forge.propose(wanted);

      expect(second).toEqual(first);
      expect(await subject.proposals()).toEqual(before);
    });

    test("proposes once when several propose the same at once", async () => {
      const wanted = proposal("bot/race", [rate("RATE = 2\n")]);

      const made = await Promise.all([1, 2, 3].map(() => subject.forge.propose(wanted)));

      expect(new Set(made.map(({ number }) => number)).size).toBe(1);
      const seen = (await subject.proposals()).filter(({ head }) => head === "bot/race");
      expect(seen).toHaveLength(1);
      expect(await subject.patch("bot/race")).toContain("\n-RATE = 1\n+RATE = 2\n");
    });

    test("replaces an earlier proposal on the same branch", async () => {
      const first = await subject.forge.propose(proposal("bot/again", [rate("RATE = 2\n")]));

      const second = await subject.forge.propose({
        ...proposal("bot/again", [rate("RATE = 3\n")]),
        title: "fix: the rate again",
      });

      expect(second.number).toBe(first.number);
      expect(second.title).toBe("fix: the rate again");
      const patch = await subject.patch("bot/again");
      expect(patch).toContain("\n-RATE = 1\n+RATE = 3\n");
      expect(patch).not.toContain("RATE = 2");
    });

    test("makes a draft of what was ready where the next proposal is one", async () => {
      const edition = (attempt: number) => ({ run: `run-${attempt}`, attempt, fence: 1 });
      const first = { ...proposal("bot/less-sure", [rate("RATE = 2\n")]), edition: edition(1) };
      expect(await subject.forge.propose({ ...first, draft: false })).toMatchObject({ draft: false });

      const second = { ...proposal("bot/less-sure", [rate("RATE = 3\n")]), edition: edition(2) };
      expect(await subject.forge.propose(second)).toMatchObject({ draft: true });

      const seen = (await subject.proposals()).find(({ head }) => head === "bot/less-sure");
      expect(seen).toMatchObject({ draft: true });
    });

    test("carries new and deleted files, and names that need care", async () => {
      await subject.forge.propose(
        proposal("bot/files", [
          { path: "src/new dir/a.py", before: null, after: "A = 'ü'\r\nno newline at the end" },
          { path: "src/old name é.py", before: "OLD = 1\n", after: null },
        ]),
      );

      const patch = await subject.patch("bot/files");
      expect(patch).toMatch(/new file mode 100644[\s\S]*\+A = 'ü'\r\n\+no newline at the end\n\\ No newline/);
      expect(patch).toMatch(/deleted file mode 100644[\s\S]*-OLD = 1/);
    });
  });
}
