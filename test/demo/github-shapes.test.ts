import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeGitHubWorld, type GitHubWorld } from "../fixtures/embedded-github.ts";
import { missingFields, requiredFields } from "../fixtures/github-schemas.ts";
import { asEntries } from "../fixtures/make-repository.ts";

const target = { owner: "acme", repo: "rates" };

test("GitHub's published types are read", () => {
  expect(requiredFields("label")).toEqual([
    "id",
    "node_id",
    "url",
    "name",
    "description",
    "color",
    "default",
  ]);
});

describe("the embedded GitHub answers with every field that GitHub promises", () => {
  let world: GitHubWorld;
  let issue: { issue_number: number };
  let sha: string;
  beforeAll(async () => {
    world = await makeGitHubWorld(asEntries({ "README.md": "# Rates\n", "src/a.py": "A = 1\n" }));
    issue = { issue_number: await world.github.openIssue("Bug", "It breaks", "rita") };
    sha = (await world.repository.git("rev-parse", "main")).trim();
  });
  afterAll(() => world.close());

  const pull = async (branch: string) => {
    const { rest } = world.client;
    const base = await rest.git.getCommit({ ...target, commit_sha: sha });
    const commit = await rest.git.createCommit({
      ...target,
      message: branch,
      tree: base.data.tree.sha,
      parents: [sha],
    });
    await rest.git.createRef({ ...target, ref: `refs/heads/${branch}`, sha: commit.data.sha });
    return rest.pulls.create({ ...target, title: "t", head: branch, base: "main", draft: true });
  };

  type Ask = () => Promise<{ readonly data: unknown }>;
  const answers: readonly (readonly [schema: string, what: string, ask: Ask])[] = [
    ["integration", "the App", () => world.client.rest.apps.getAuthenticated()],
    ["full-repository", "the repository", () => world.client.rest.repos.get(target)],
    ["issue", "an issue", () => world.client.rest.issues.get({ ...target, ...issue })],
    [
      "issue-comment",
      "a new comment",
      () => world.client.rest.issues.createComment({ ...target, ...issue, body: "x" }),
    ],
    [
      "issue-comment",
      "an edited comment",
      async () => {
        const { data } = await world.client.rest.issues.createComment({ ...target, ...issue, body: "x" });
        return world.client.rest.issues.updateComment({ ...target, comment_id: data.id, body: "y" });
      },
    ],
    [
      "repository-collaborator-permission",
      "a permission",
      () => world.client.rest.repos.getCollaboratorPermissionLevel({ ...target, username: "tom" }),
    ],
    [
      "collaborator",
      "the person of a permission",
      async () => {
        const username = "otto";
        const { data } = await world.client.rest.repos.getCollaboratorPermissionLevel({
          ...target,
          username,
        });
        return { data: data.user };
      },
    ],
    ["short-blob", "a new blob", () => world.client.rest.git.createBlob({ ...target, content: "x" })],
    [
      "blob",
      "a blob",
      async () => {
        const { data } = await world.client.rest.git.createBlob({ ...target, content: "x" });
        return world.client.rest.git.getBlob({ ...target, file_sha: data.sha });
      },
    ],
    [
      "git-tree",
      "a new tree",
      () =>
        world.client.rest.git.createTree({
          ...target,
          tree: [{ path: "a", mode: "100644", type: "blob", content: "x" }],
        }),
    ],
    ["git-tree", "a tree", () => world.client.rest.git.getTree({ ...target, tree_sha: "main" })],
    ["git-commit", "a commit", () => world.client.rest.git.getCommit({ ...target, commit_sha: sha })],
    ["git-ref", "a reference", () => world.client.rest.git.getRef({ ...target, ref: "heads/main" })],
    [
      "short-branch",
      "a branch",
      async () => ({ data: (await world.client.rest.repos.listBranches(target)).data[0] }),
    ],
    [
      "content-file",
      "a file",
      () => world.client.rest.repos.getContent({ ...target, path: "src/a.py", ref: "main" }),
    ],
    ["pull-request", "a new pull request", () => pull("one")],
    [
      "pull-request",
      "a changed pull request",
      async () =>
        world.client.rest.pulls.update({
          ...target,
          pull_number: (await pull("two")).data.number,
          title: "u",
        }),
    ],
    [
      "pull-request-simple",
      "a listed pull request",
      async () => {
        await pull("three");
        return { data: (await world.client.rest.pulls.list(target)).data[0] };
      },
    ],
    [
      "hook-delivery-item",
      "an attempt to deliver a webhook",
      async () => {
        await world.github.addLabel(issue.issue_number, "bug", "wanda");
        return { data: (await world.appClient.rest.apps.listWebhookDeliveries()).data[0] };
      },
    ],
    [
      "repository",
      "a repository of the installation",
      async () => {
        const { data } = await world.client.rest.apps.listReposAccessibleToInstallation();
        return { data: data.repositories[0] };
      },
    ],
    [
      "installation",
      "an installation",
      async () => ({ data: (await world.appClient.rest.apps.listInstallations()).data[0] }),
    ],
    [
      "labeled-issue-event",
      "the event of a label",
      async () => {
        await world.github.addLabel(issue.issue_number, "seen", "wanda");
        return { data: (await world.client.rest.issues.listEvents({ ...target, ...issue })).data.at(-1) };
      },
    ],
    [
      "issue",
      "a listed issue",
      async () => ({ data: (await world.client.rest.issues.listForRepo(target)).data[0] }),
    ],
    [
      "check-run",
      "a new check",
      () => world.client.rest.checks.create({ ...target, name: "c", head_sha: sha }),
    ],
    [
      "check-run",
      "a listed check",
      async () => {
        await world.client.rest.checks.create({ ...target, name: "listed", head_sha: sha });
        const { data } = await world.client.rest.checks.listForRef({ ...target, ref: sha });
        return { data: data.check_runs[0] };
      },
    ],
    [
      "reaction",
      "a reaction",
      () => world.client.rest.reactions.createForIssue({ ...target, ...issue, content: "eyes" }),
    ],
    [
      "diff-entry",
      "a file of a pull request",
      async () => {
        await world.repository.git("branch", "files", "main");
        await world.repository.commit(asEntries({ "new.py": "N = 1\n" }), "files");
        const { data } = await world.client.rest.pulls.create({
          ...target,
          title: "t",
          head: "files",
          base: "main",
        });
        const files = await world.client.rest.pulls.listFiles({ ...target, pull_number: data.number });
        return { data: files.data[0] };
      },
    ],
    [
      "installation-token",
      "an installation token",
      () =>
        world.client.rest.apps.createInstallationAccessToken({
          installation_id: world.github.installationId,
        }),
    ],
  ];

  test.each(answers)("%s: %s", async (schema, _what, ask) => {
    const { data } = await ask();

    expect(missingFields(schema, data)).toEqual([]);
  });

  test("the webhooks of checks and pushes", async () => {
    const { data } = await world.client.rest.checks.create({ ...target, name: "w", head_sha: sha });
    const pressed = await world.github.pressAction(data.id, "again", "wanda");
    const pushed = await world.github.push("main", sha, "wanda");

    expect(missingFields("webhook-check-run-requested-action", pressed.payload)).toEqual([]);
    expect(missingFields("check-run", pressed.payload["check_run"])).toEqual([]);
    expect(missingFields("webhook-push", pushed.payload).filter((name) => name !== "compare")).toEqual([
      "head_commit",
    ]);
  });

  test("label: the label of a webhook", async () => {
    const { payload } = await world.github.addLabel(issue.issue_number, "copatcher", "wanda");

    expect(missingFields("label", payload["label"])).toEqual([]);
    expect(missingFields("simple-user", payload["sender"])).toEqual([]);
    expect(missingFields("issue", payload["issue"])).toEqual([]);
    expect(missingFields("webhook-issues-labeled", payload)).toEqual([]);
    expect(JSON.stringify(payload)).not.toContain("localhost");
  });
});
