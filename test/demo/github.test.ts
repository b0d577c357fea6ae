import { createHmac } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeGitHubWorld, worldSecret, type GitHubWorld } from "../fixtures/embedded-github.ts";
import { makeRepository } from "../fixtures/make-repository.ts";

const target = { owner: "acme", repo: "rates" };

describe("the embedded GitHub", () => {
  let world: GitHubWorld;
  let sha: string;
  let issue: number;
  beforeAll(async () => {
    world = await makeGitHubWorld([
      ["README.md", "# Rates\n"],
      ["src/odd name é.py", "A = 1\n"],
      ["run.sh", { executable: "#!/bin/sh\n" }],
      ["link.md", { link: "README.md" }],
      ["large.bin", new Uint8Array(1024 * 1024 + 1)],
    ]);
    sha = (await world.repository.git("rev-parse", "main")).trim();
    issue = await world.github.openIssue("Bug", "It breaks", "rita");
  });
  afterAll(() => world.close());

  const api = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${world.github.url}${path}`, init);
    return { status: response.status, text: await response.text() };
  };
  const refusal = (promise: Promise<unknown>): Promise<{ status: number; message: string }> =>
    promise.then(
      () => ({ status: 0, message: "was accepted" }),
      (error: { status: number; message: string }) => error,
    );
  const token = async (): Promise<string> => {
    const { data } = await world.client.rest.apps.createInstallationAccessToken({
      installation_id: world.github.installationId,
    });
    return data.token;
  };

  test("signs its webhooks and gives each a delivery id of its own", async () => {
    const sent = await world.github.addLabel(issue, "copatcher", "wanda");

    const received = world.received.find(({ headers }) => headers["x-github-delivery"] === sent.id);
    const expected = createHmac("sha256", worldSecret)
      .update(received?.body ?? "")
      .digest("hex");
    expect(received?.headers["x-hub-signature-256"]).toBe(`sha256=${expected}`);
    expect(received?.headers["x-github-event"]).toBe("issues");
    expect(JSON.parse(received?.body ?? "")).toMatchObject({
      action: "labeled",
      label: { name: "copatcher" },
      issue: { number: issue, title: "Bug", body: "It breaks", user: { login: "rita" } },
      repository: { full_name: "acme/rates", default_branch: "main", owner: { login: "acme" } },
      installation: { id: world.github.installationId },
      sender: { login: "wanda", type: "User" },
    });
    const ids = world.github.webhooks().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("redelivers under the same delivery id", async () => {
    const sent = await world.github.comment(issue, "/copatcher fix", "wanda");
    expect(sent).toMatchObject({ event: "issue_comment", action: "created", status: 200 });

    await world.github.redeliver(sent);

    const same = world.received.filter(({ headers }) => headers["x-github-delivery"] === sent.id);
    expect(same).toHaveLength(2);
    expect(same[0]?.body).toBe(same[1]?.body);
  });

  test.each([
    ["no token", undefined, 401, "Requires authentication"],
    ["a token nobody issued", "token ghs_made_up", 401, "Bad credentials"],
    ["a JSON web token in place of an installation's", "bearer eyJ.e.s", 401, "Bad credentials"],
  ])("refuses %s", async (_title, authorization, status, message) => {
    const headers = authorization === undefined ? {} : { authorization };
    const answer = await api("/repos/acme/rates/git/ref/heads/main", { headers });

    expect(answer).toMatchObject({ status, text: expect.stringContaining(message) });
  });

  test("refuses a JSON web token that the App did not sign", async () => {
    const answer = await api("/app", { headers: { authorization: "bearer eyJh.eyJp.c2ln" } });

    expect(answer.status).toBe(401);
  });

  test("lets a token that may only read contents write nothing", async () => {
    const { data } = await world.client.rest.apps.createInstallationAccessToken({
      installation_id: world.github.installationId,
      permissions: { contents: "read" },
    });

    const answer = await api("/repos/acme/rates/git/blobs", {
      method: "POST",
      headers: { authorization: `token ${data.token}` },
      body: JSON.stringify({ content: "x" }),
    });

    expect(answer).toMatchObject({ status: 403, text: expect.stringContaining("not accessible") });
  });

  test("serves git to an installation token and takes no push", async () => {
    const folder = await mkdtemp(join(tmpdir(), "copatcher-clone-"));
    const clone = await makeRepository();
    const credentials = Buffer.from(`x-access-token:${await token()}`).toString("base64");
    const header = `http.extraHeader=Authorization: basic ${credentials}`;

    await clone.git("-c", header, "clone", "--quiet", world.github.gitUrl, join(folder, "clone"));
    const push = clone.git("-C", join(folder, "clone"), "-c", header, "push", "origin", "HEAD:refs/heads/x");

    expect(await readFile(join(folder, "clone", "src/odd name é.py"), "utf8")).toBe("A = 1\n");
    await expect(push).rejects.toThrow("403");
    await expect(clone.git("-c", "core.askPass=true", "ls-remote", world.github.gitUrl)).rejects.toThrow(
      /Authentication failed|could not read/,
    );
    await rm(folder, { recursive: true, force: true });
    await rm(clone.directory, { recursive: true, force: true });
  });

  test("shows a commit of the API to git, and a commit of git to the API", async () => {
    const { rest } = world.client;
    const later = await world.repository.commit([["README.md", "# Later\n"]], "later");
    const { data: seen } = await rest.git.getCommit({ ...target, commit_sha: later });
    const { data: tree } = await rest.git.createTree({
      ...target,
      base_tree: seen.tree.sha,
      tree: [{ path: "new.py", mode: "100644", type: "blob", content: "N = 1\n" }],
    });
    const { data: commit } = await rest.git.createCommit({
      ...target,
      message: "made over the API",
      tree: tree.sha,
      parents: [later],
    });
    await rest.git.createRef({ ...target, ref: "refs/heads/made", sha: commit.sha });

    expect(await world.repository.git("show", "made:new.py")).toBe("N = 1\n");
    expect(await world.repository.git("show", "made:README.md")).toBe("# Later\n");
    expect(commit.verification).toMatchObject({ verified: true, reason: "valid" });
    expect(seen.verification).toMatchObject({ verified: false, reason: "unsigned" });
  });

  test("does not verify a commit that names its author", async () => {
    const { rest } = world.client;
    const base = await rest.git.getCommit({ ...target, commit_sha: sha });
    const author = { name: "copatcher[bot]", email: "bot@example.org" };

    const { data } = await rest.git.createCommit({
      ...target,
      message: "x",
      tree: base.data.tree.sha,
      parents: [sha],
      author,
    });

    expect(data.verification.verified).toBe(false);
  });

  test("refuses what GitHub refuses", async () => {
    const { rest } = world.client;
    const base = await rest.git.getCommit({ ...target, commit_sha: sha });
    const blob = (path: string, content?: string) =>
      rest.git.createTree({
        ...target,
        base_tree: base.data.tree.sha,
        tree: [
          { path, mode: "100644", type: "blob", ...(content === undefined ? { sha: null } : { content }) },
        ],
      });
    await rest.git.createRef({ ...target, ref: "refs/heads/same", sha });
    const pull = { ...target, title: "t", base: "main" };

    const answers = await Promise.all([
      refusal(rest.git.createTree({ ...target, base_tree: sha, tree: [] })),
      refusal(blob(".git/config", "x")),
      refusal(blob("a/../b", "x")),
      refusal(blob("missing.py")),
      refusal(rest.git.createRef({ ...target, ref: "refs/heads/same", sha })),
      refusal(rest.git.createRef({ ...target, ref: "refs/heads/a..b", sha })),
      refusal(rest.git.updateRef({ ...target, ref: "heads/none", sha })),
      refusal(rest.git.getRef({ ...target, ref: "heads/none" })),
      refusal(rest.pulls.create({ ...pull, head: "none" })),
      refusal(rest.pulls.create({ ...pull, head: "same" })),
      refusal(rest.issues.createComment({ ...target, issue_number: issue, body: "x".repeat(65_537) })),
    ]);

    expect(answers.map(({ status, message }) => `${status} ${message.split(" - ")[0]}`)).toEqual([
      "422 base_tree is not a valid tree oid",
      "422 tree.path contains a malformed path component",
      "422 tree.path contains a malformed path component",
      "422 GitRPC::BadObjectState",
      "422 Reference already exists",
      "422 refs/heads/a..b is not a valid ref name.",
      "422 Reference does not exist",
      "404 Not Found",
      '422 Validation Failed: {"resource":"PullRequest","field":"head","code":"invalid"}',
      '422 Validation Failed: {"resource":"PullRequest","code":"custom","message":"No commits between main and same"}',
      '422 Validation Failed: {"resource":"IssueComment","code":"custom","message":"body is too long (maximum is 65536 characters)"}',
    ]);
  });

  test("opens one pull request for a branch, however close two are asked for", async () => {
    const { rest } = world.client;
    const { data: main } = await rest.git.getCommit({ ...target, commit_sha: sha });
    const { data: twice } = await rest.git.createCommit({
      ...target,
      message: "x",
      tree: main.tree.sha,
      parents: [sha],
    });
    await rest.git.createRef({ ...target, ref: "refs/heads/twice", sha: twice.sha });
    const open = () =>
      refusal(rest.pulls.create({ ...target, title: "t", head: "twice", base: "main", body: "" }));

    const answers = await Promise.all([open(), open(), open()]);

    expect(answers.map(({ message }) => message.split(" - ")[0])).toEqual([
      "was accepted",
      expect.stringContaining("A pull request already exists for acme:twice."),
      expect.stringContaining("A pull request already exists for acme:twice."),
    ]);
  });

  test("gives files, folders and symlinks at any commit", async () => {
    const { rest } = world.client;
    const content = async (path: string, ref = "main") =>
      (await rest.repos.getContent({ ...target, path, ref })).data;

    expect(await content("src/odd name é.py", sha)).toMatchObject({
      type: "file",
      size: 6,
      content: Buffer.from("A = 1\n").toString("base64"),
    });
    expect(await content("src")).toMatchObject([{ type: "file", path: "src/odd name é.py" }]);
    expect(await content("")).toHaveLength(5);
    expect(await content("link.md")).toMatchObject({ type: "symlink", target: "README.md" });
    expect(await content("large.bin")).toMatchObject({ content: "", encoding: "none" });
    expect((await refusal(content("none.py"))).status).toBe(404);
    expect((await refusal(content("README.md", "nowhere"))).status).toBe(404);
  });

  test("refuses, in GraphQL's way, to make a draft of a pull request that is not there", async () => {
    const wanted =
      "mutation { convertPullRequestToDraft(input: { pullRequestId: $id }) { clientMutationId } }";

    await expect(world.client.graphql(wanted, { id: "none" })).rejects.toMatchObject({
      errors: [{ type: "NOT_FOUND" }],
    });
  });

  test("answers nothing about commits that are not in the repository", async () => {
    expect((await refusal(world.client.rest.repos.listCommits(target))).status).toBe(404);
  });

  test("speaks under the address of an Enterprise Server, too", async () => {
    const headers = { authorization: `token ${await token()}` };

    expect((await api(`/api/v3/repos/acme/rates/issues/${issue}`, { headers })).status).toBe(200);
  });

  test("keeps a webhook that nobody took, so that it can be sent again", async () => {
    const lonely = await makeGitHubWorld([["a", "1"]]);
    const number = await lonely.github.openIssue("Bug", "x", "rita");
    await lonely.closeReceiver();

    const sent = await lonely.github.addLabel(number, "copatcher", "wanda");

    expect(sent.status).toBeNull();
    expect(lonely.github.webhooks()).toContainEqual(sent);
    await lonely.close();
  });
});
