import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { IssueRef } from "../../../src/domain/issue.ts";
import type { Branch, Proposal } from "../../../src/ports/forge.ts";
import { baseFiles, forgeContract } from "../../contracts/forge.ts";
import { makeGitHubWorld, type GitHubWorld } from "../../fixtures/embedded-github.ts";
import { asEntries, type TreeFiles } from "../../fixtures/make-repository.ts";

const repo = { owner: "acme", name: "rates" };

forgeContract("the GitHub adapter on the embedded GitHub", async () => {
  const world = await makeGitHubWorld(asEntries(baseFiles));
  const { github, repository, forge } = world;
  const body = "It\r\nbreaks <!-- not a marker -->";
  const number = await github.openIssue("Bug: `x` 🐛", body, "rita");
  const sha = (await repository.git("rev-parse", "main")).trim();
  return {
    forge,
    issue: { ref: { repo, number }, title: "Bug: `x` 🐛", body, author: "rita" },
    base: { name: "main", sha },
    maintainer: "wanda",
    comments: async () => (await github.comments(number)).map((comment) => comment.body),
    proposals: () => github.pullRequests(),
    patch: (branch) => repository.git("-c", "core.quotePath=false", "diff", sha, `refs/heads/${branch}`),
    addLabel: async (name) => void (await github.addLabel(number, name, "wanda")),
    labels: async () => (await github.issue(number)).labels,
    close: () => world.close(),
  };
});

const files: TreeFiles = [
  ...asEntries(baseFiles),
  ["run.sh", { executable: "#!/bin/sh\necho 1\n" }],
  ["deep/er/file.py", "A = 1\n"],
  ["link.md", { link: "README.md" }],
];

describe("the GitHub adapter", () => {
  let world: GitHubWorld;
  let ref: IssueRef;
  let base: Branch;
  beforeAll(async () => {
    world = await makeGitHubWorld(files);
    ref = { repo, number: await world.github.openIssue("Bug", "It breaks", "rita") };
    base = { name: "main", sha: (await world.repository.git("rev-parse", "main")).trim() };
  });
  afterAll(() => world.close());

  const proposal = (branch: string, changed: Partial<Proposal> = {}): Proposal => ({
    issue: ref,
    base,
    branch,
    commitMessage: "fix: rate",
    changes: [{ path: "src/rates.py", before: "RATE = 1\n", after: "RATE = 2\n" }],
    title: "fix: rate",
    body: "Text",
    draft: false,
    ...changed,
  });
  const entryOf = async (branch: string, path: string): Promise<string> =>
    (await world.repository.git("ls-tree", `refs/heads/${branch}`, path)).split(" ")[0] ?? "";

  test.each([
    ["ada", "admin"],
    ["mia", "maintain"],
    ["wanda", "write"],
    ["tom", "triage"],
    ["rita", "read"],
    ["otto", "none"],
  ])("knows the role of %s as %s", async (login, role) => {
    expect(await world.forge.permission(repo, login)).toBe(role);
  });

  test("throws for a login that GitHub does not know", async () => {
    await expect(world.forge.permission(repo, "nobody")).rejects.toMatchObject({ code: "forge-rejected" });
  });

  test("commits as the App, verified, on top of the base", async () => {
    const { verified } = await world.forge.propose(proposal("bot/verified"));

    expect(verified).toBe(true);
    const head = await world.repository.git("log", "-1", "--format=%P %an", "refs/heads/bot/verified");
    expect(head.trim()).toBe(`${base.sha} copatcher[bot]`);
  });

  test("keeps executables executable and symlinks symlinks", async () => {
    await world.forge.propose(
      proposal("bot/modes", {
        changes: [
          { path: "run.sh", before: "#!/bin/sh\necho 1\n", after: "#!/bin/sh\necho 2\n" },
          { path: "deep/er/file.py", before: "A = 1\n", after: "A = 2\n" },
        ],
      }),
    );

    expect(await entryOf("bot/modes", "run.sh")).toBe("100755");
    expect(await entryOf("bot/modes", "deep/er/file.py")).toBe("100644");
    expect(await entryOf("bot/modes", "link.md")).toBe("120000");
  });

  test.each([
    ["replaces a file it took for missing", "README.md", null, "new"],
    ["edits a file that is missing", "src/missing.py", "old", "new"],
    ["deletes a file that is missing", "src/missing.py", "old", null],
    ["puts a file below another file", "README.md/x.py", "old", "new"],
    ["writes over a folder", "src", "old", "new"],
  ])("refuses a patch that %s, and leaves no branch", async (_title, path, before, after) => {
    const wrong = proposal("bot/wrong", { changes: [{ path, before, after }] });

    await expect(world.forge.propose(wrong)).rejects.toMatchObject({
      code: "forge-rejected",
      message: "The patch does not fit the base commit.",
    });
    await expect(world.repository.git("rev-parse", "--verify", "refs/heads/bot/wrong")).rejects.toThrow(
      "rev-parse",
    );
  });

  test("refuses a path that leads into .git, and leaves no branch", async () => {
    const changes = [{ path: ".git/hooks/post-checkout", before: null, after: "x" }];

    await expect(world.forge.propose(proposal("bot/git", { changes }))).rejects.toMatchObject({
      code: "forge-rejected",
    });
    await expect(world.repository.git("rev-parse", "--verify", "refs/heads/bot/git")).rejects.toThrow(
      "rev-parse",
    );
  });

  test("refuses a patch that changes nothing", async () => {
    const changes = [{ path: "README.md", before: "# Rates\n", after: "# Rates\n" }];

    await expect(world.forge.propose(proposal("bot/nothing", { changes }))).rejects.toMatchObject({
      code: "forge-rejected",
    });
  });

  test("does not touch a branch on which somebody else committed", async () => {
    await world.forge.propose(proposal("bot/shared"));
    const sha = await world.repository.commit(asEntries({ "README.md": "mine\n" }), "bot/shared");

    await expect(world.forge.propose(proposal("bot/shared"))).rejects.toMatchObject({
      code: "forge-rejected",
      message: expect.stringContaining("bot/shared"),
    });
    expect((await world.repository.git("rev-parse", "bot/shared")).trim()).toBe(sha);
  });

  test("does not touch a commit of a person who took the bot's message over", async () => {
    await world.forge.propose(proposal("bot/copied"));
    const git = (...args: string[]) => world.repository.git(...args);
    const message = await git("log", "-1", "--format=%B", "bot/copied");
    const tree = (await git("rev-parse", "main^{tree}")).trim();
    const person = ["-c", "user.name=Wanda", "-c", "user.email=wanda@example.org"];
    const made = await git(...person, "commit-tree", tree, "-p", "bot/copied", "-m", message.trim());
    await git("update-ref", "refs/heads/bot/copied", made.trim());

    await expect(world.forge.propose(proposal("bot/copied"))).rejects.toMatchObject({
      code: "forge-rejected",
    });
  });

  test("does not touch its own commit for another issue", async () => {
    await world.forge.propose(proposal("bot/mixed"));
    const other = { repo, number: await world.github.openIssue("Other", "x", "rita") };

    await expect(world.forge.propose(proposal("bot/mixed", { issue: other }))).rejects.toMatchObject({
      code: "forge-rejected",
    });
  });

  test("finishes a proposal whose branch was written before a crash", async () => {
    const { github, client } = world;
    await world.forge.propose(proposal("bot/crashed"));
    const pull = (await github.pullRequests()).find(({ head }) => head === "bot/crashed");
    await github.closePullRequest(pull?.number ?? 0, "wanda");
    await client.rest.git.createRef({
      owner: "acme",
      repo: "rates",
      ref: "refs/heads/bot/other",
      sha: pull?.headSha ?? "",
    });

    const finished = await world.forge.propose(proposal("bot/other"));

    const head = (await world.repository.git("rev-parse", "bot/other")).trim();
    expect(head).toBe(pull?.headSha);
    expect(finished.head).toBe("bot/other");
  });

  test("does not open a second pull request for a commit whose first one was closed", async () => {
    const first = await world.forge.propose(proposal("bot/closed"));
    await world.github.closePullRequest(first.number, "wanda");

    const second = await world.forge.propose(proposal("bot/closed"));

    expect(second.number).toBe(first.number);
  });

  test("leaves a pull request alone that somebody else opened from the branch", async () => {
    const first = await world.forge.propose(proposal("bot/taken"));
    await world.github.closePullRequest(first.number, "wanda");
    await world.github.openPullRequest("bot/taken", "main", "Mine", "wanda");

    await expect(world.forge.propose(proposal("bot/taken"))).rejects.toMatchObject({
      code: "forge-rejected",
      message: expect.stringContaining("not the bot's"),
    });
  });

  test("writes its own comment when a person quotes the marker", async () => {
    const marker = "<!-- copatcher:progress:issue=1 -->";
    await world.github.comment(ref.number, `${marker}\nI am the bot`, "wanda");

    const id = await world.forge.upsertComment(ref, marker, "queued");
    const again = await world.forge.upsertComment(ref, marker, "running");

    expect(again).toBe(id);
    const comments = (await world.github.comments(ref.number)).filter(({ body }) => body.includes(marker));
    expect(comments.map(({ author, body }) => [author, body])).toEqual([
      ["wanda", `${marker}\nI am the bot`],
      ["copatcher[bot]", `${marker}\nrunning`],
    ]);
  });

  test("finds its comment behind more than a page of others", async () => {
    const issue = { repo, number: await world.github.openIssue("Long", "x", "rita") };
    for (let i = 0; i < 101; i++) await world.github.comment(issue.number, `comment ${i}`, "rita");

    const id = await world.forge.upsertComment(issue, "<!-- m -->", "one");

    expect(await world.forge.upsertComment(issue, "<!-- m -->", "two")).toBe(id);
  });

  test("cuts a body that GitHub would refuse, keeping its marker and whole characters", async () => {
    const issue = { repo, number: await world.github.openIssue("Big", "x", "rita") };

    await world.forge.upsertComment(issue, "<!-- m -->", `\`\`\`\n${"🐛".repeat(40_000)}`);

    const [comment] = await world.github.comments(issue.number);
    expect(comment?.body.length).toBeLessThanOrEqual(58_000);
    expect(comment?.body).not.toMatch(/\p{Surrogate}/u);
    expect(comment?.body).toMatch(/^<!-- m -->\n```\n🐛+\n```\n\n\(Shortened/u);
  });

  test("removes a label", async () => {
    await world.github.addLabel(ref.number, "copatcher", "wanda");

    await world.forge.removeLabel(ref, "copatcher");

    expect((await world.github.issue(ref.number)).labels).toEqual([]);
  });

  test("mints a credential with which git can fetch, and never shows it in the address", async () => {
    const source = world.forge.source(repo);
    if (source.kind !== "remote") throw new Error("expected a remote source");
    const authorization = await source.authorization?.();

    const header = `http.extraHeader=Authorization: ${authorization}`;
    const heads = await world.repository.git("-c", header, "ls-remote", source.url, "refs/heads/main");

    expect(heads.startsWith(base.sha)).toBe(true);
    expect(source.url).toBe(`${world.github.url}/acme/rates.git`);
  });
});

test("a repository without a commit has no default branch", async () => {
  const world = await makeGitHubWorld(null);

  expect(await world.forge.defaultBranch(repo)).toBeNull();
  await world.close();
});
