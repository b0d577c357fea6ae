import { readdir, readFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { createLocalForge } from "../../../src/adapters/local/local-forge.ts";
import { baseFiles, forgeContract } from "../../contracts/forge.ts";
import { asEntries, makeRepository, type RealRepository } from "../../fixtures/make-repository.ts";

const repo = { owner: "local", name: "rates" };
const issue = { ref: { repo, number: 1 }, title: "Bug", body: "It\r\nbreaks", author: "me" };

const folders: string[] = [];
afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});

async function localForge(repository: RealRepository) {
  const directory = await mkdtemp(join(tmpdir(), "copatcher-local-forge-"));
  const out = join(directory, "out");
  const forge = createLocalForge({ directory: out, repositoryDirectory: repository.directory, issue });
  return { directory, out, forge };
}

forgeContract("the local forge", async () => {
  const repository = await makeRepository();
  const sha = await repository.commit(asEntries(baseFiles));
  const { directory, out, forge } = await localForge(repository);
  const read = (name: string): Promise<string> => readFile(join(out, name), "utf8");
  return {
    forge,
    issue,
    base: { name: "main", sha },
    maintainer: "me",
    async comments() {
      const names = await readdir(join(out, "comments")).catch(() => []);
      return Promise.all(names.map((name) => read(join("comments", name))));
    },
    async proposals() {
      const { title, draft, branch } = JSON.parse(await read("proposal.json"));
      return [{ number: 0, title, draft, head: branch, body: await read("pull-request.md") }];
    },
    patch: () => read("patch.diff"),
    addLabel: async () => undefined,
    labels: async () => [],
    async close() {
      await rm(directory, { recursive: true, force: true });
      await rm(repository.directory, { recursive: true, force: true });
    },
  };
});

describe("the local forge", () => {
  test("has no default branch while the repository has no commit", async () => {
    const repository = await makeRepository();
    const { directory, forge } = await localForge(repository);
    folders.push(repository.directory, directory);

    expect(await forge.defaultBranch(repo)).toBeNull();
  });

  test("says so when the folder is not a repository", async () => {
    const directory = await mkdtemp(join(tmpdir(), "copatcher-no-repository-"));
    folders.push(directory);
    const forge = createLocalForge({ directory, repositoryDirectory: directory, issue });

    await expect(forge.defaultBranch(repo)).rejects.toMatchObject({ code: "repository-unreadable" });
  });

  test("reads the repository it was given, even within a git hook of another one", async () => {
    const [repository, other] = [await makeRepository(), await makeRepository()];
    const sha = await repository.commit(asEntries(baseFiles));
    await other.commit(asEntries({ "other.py": "" }), "elsewhere");
    const { directory, forge } = await localForge(repository);
    folders.push(repository.directory, other.directory, directory);
    vi.stubEnv("GIT_DIR", join(other.directory, ".git"));
    onTestFinished(() => void vi.unstubAllEnvs());

    expect(await forge.defaultBranch(repo)).toEqual({ name: "main", sha });
  });

  test("writes a patch that git applies to the repository", async () => {
    const repository = await makeRepository();
    const sha = await repository.commit(asEntries(baseFiles));
    const { directory, out, forge } = await localForge(repository);
    folders.push(repository.directory, directory);
    await repository.git("reset", "--hard", "--quiet");

    await forge.propose({
      issue: issue.ref,
      base: { name: "main", sha },
      branch: "bot/x",
      commitMessage: "fix: x",
      changes: [
        { path: "src/rates.py", before: "RATE = 1\n", after: "RATE = 2\n" },
        { path: "src/old name é.py", before: "OLD = 1\n", after: null },
        { path: "new/ö.py", before: null, after: "NEW = 1" },
      ],
      title: "fix: x",
      body: "",
      draft: false,
    });
    await repository.git("apply", join(out, "patch.diff"));

    expect(await readFile(join(repository.directory, "src/rates.py"), "utf8")).toBe("RATE = 2\n");
    expect(await readFile(join(repository.directory, "new/ö.py"), "utf8")).toBe("NEW = 1");
    expect(await readdir(join(repository.directory, "src"))).toEqual(["rates.py"]);
  });
});
