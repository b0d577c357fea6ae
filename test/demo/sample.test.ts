import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openGit, type Git } from "../../src/demo/github/git.ts";
import { createSampleRepository, type SampleRepository } from "../../src/demo/sample.ts";

describe("the sample repository", () => {
  let directory: string;
  let sample: SampleRepository;
  let git: Git;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "copatcher-sample-"));
    sample = await createSampleRepository(directory);
    git = openGit(sample.gitDirectory);
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  test("has the recorded head on its default branch", async () => {
    expect(sample.headSha).toBe("f05e9434ccfa8476bb533d11d58126b275c28bc8");
    expect(await git.line(["symbolic-ref", "HEAD"])).toBe(`refs/heads/${sample.defaultBranch}`);
  });

  test("has a history by three people", async () => {
    const authors = (await git.line(["log", "--format=%an", sample.headSha])).split("\n");

    expect(authors).toHaveLength(13);
    expect(new Set(authors).size).toBe(3);
  });

  test("gives the issue's first line as its title", () => {
    expect(sample.issue.title).toMatch(/^Monthly dates .* after February$/);
    expect(sample.issue.body).toMatch(/^Hi, /);
  });

  test("leaves a repository alone that was pushed to", async () => {
    const tree = await git.line(["rev-parse", `${sample.headSha}^{tree}`]);
    const identity = {
      GIT_AUTHOR_NAME: "a",
      GIT_AUTHOR_EMAIL: "a@b.example",
      GIT_COMMITTER_NAME: "a",
      GIT_COMMITTER_EMAIL: "a@b.example",
    };
    const other = await createSampleRepository(join(directory, "other"));
    const otherGit = openGit(other.gitDirectory);
    const pushed = await otherGit.line(["commit-tree", tree, "-p", other.headSha, "-m", "merge"], {
      env: identity,
    });
    await otherGit.bytes(["update-ref", "refs/heads/main", pushed]);

    const again = await createSampleRepository(join(directory, "other"));

    expect(again.headSha).toBe(pushed);
  });

  test("finishes an import that was interrupted", async () => {
    const half = openGit(join(directory, "half", "cadence.git"));
    await mkdir(half.directory, { recursive: true });
    await half.bytes(["init", "--quiet", "--bare"]);

    expect((await createSampleRepository(join(directory, "half"))).headSha).toBe(sample.headSha);
  });

  test("says which folder it could not use", async () => {
    const file = join(directory, "file");
    await writeFile(file, "");

    await expect(createSampleRepository(file)).rejects.toMatchObject({
      code: "repository-unreadable",
      message: expect.stringContaining(file),
    });
  });

  test("has a test suite that passes on its head", async () => {
    const tree = join(directory, "tree");
    await mkdir(tree);
    const archive = await git.bytes(["archive", sample.headSha]);
    spawnSync("tar", ["-x", "-C", tree], { input: archive });

    const run = spawnSync("python3", ["-B", "-m", "unittest"], { cwd: tree, encoding: "utf8" });

    expect(run.stderr).toMatch(/Ran 67 tests in [0-2]\.\d+s\n\nOK/);
  });
});
