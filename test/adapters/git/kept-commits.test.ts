import { execFile } from "node:child_process";
import { readdir, rm, utimes } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import type { RepoSource } from "../../../src/ports/workspace.ts";
import { asEntries, makeRepository } from "../../fixtures/make-repository.ts";
import { serveGit } from "../../fixtures/serve-git.ts";
import { makeGitWorkspace } from "./make-git-workspace.ts";

const execute = promisify(execFile);
const signal = new AbortController().signal;
const day = 24 * 60 * 60_000;
const monthAgo = (): number => Date.now() - 30 * day;

/** A mirror of a repository whose branch `doomed` has two commits, of which the first was read. */
async function mirrored(options: { readonly oldProtocol: boolean }) {
  const repository = await makeRepository({ bare: true });
  const server = await serveGit(dirname(repository.directory), options);
  onTestFinished(() => server.close());
  const url = `${server.url}/${basename(repository.directory)}`;
  const source: RepoSource = { kind: "remote", repo: { owner: "o", name: "r" }, url, authorization: null };
  const shared = { "shared.py": "shared = 1\n" };
  await repository.commit(asEntries(shared));
  const old = await repository.commit(asEntries({ ...shared, "secret.py": "key = 1\n" }), "doomed");
  const newer = await repository.commit(asEntries({ ...shared, "secret.py": "key = 2\n" }), "doomed");
  const { workspace, directory } = await makeGitWorkspace();
  await workspace.checkout(source, old, signal);
  const [folder = ""] = (await readdir(directory)).filter((name) => name !== "gitconfig");
  const kept = join(directory, folder);
  const mirror = join(kept, "mirror.git");
  return {
    repository,
    workspace,
    directory,
    source,
    old,
    newer,
    mirror,
    git: async (...args: string[]) => (await execute("git", ["--git-dir", mirror, ...args])).stdout.trim(),
    has: (sha: string) =>
      execute("git", ["--git-dir", mirror, "cat-file", "-e", sha]).then(
        () => true,
        () => false,
      ),
    /** As if everything of the mirror had been written and used so long ago. */
    age: async (days: number) => {
      const then = new Date(Date.now() - days * day);
      for (const name of await readdir(kept, { recursive: true })) await utimes(join(kept, name), then, then);
    },
  };
}

test.each([false, true])(
  "a commit that nobody used for long leaves the mirror of a repository in use (old protocol: %s)",
  async (oldProtocol) => {
    const { repository, workspace, source, old, newer, has, git, age } = await mirrored({ oldProtocol });
    await repository.git("update-ref", "-d", "refs/heads/doomed");
    await repository.git("prune", "--expire=now");
    await age(40);
    const current = await repository.commit(asEntries({ "shared.py": "shared = 1\n", "b.py": "b = 1\n" }));
    const checkout = await workspace.checkout(source, current, signal);

    const removed = await workspace.prune(monthAgo());

    expect(removed).toBe(1);
    expect([await has(old), await has(newer)]).toEqual([false, false]);
    expect(await git("for-each-ref", "--format=%(refname)")).toBe(`refs/copatcher/${current}`);
    const read = await Promise.all(["shared.py", "b.py"].map((path) => checkout.read(path)));
    expect(read.map((bytes) => Buffer.from(bytes ?? []).toString())).toEqual(["shared = 1\n", "b = 1\n"]);
    expect(await git("fsck", "--no-dangling")).toBe("");
    await expect(workspace.checkout(source, old, signal)).rejects.toThrow(/no branch, tag or commit/);
  },
);

test("a commit that left the mirror is fetched again when it is asked for", async () => {
  const { workspace, source, old, has, age } = await mirrored({ oldProtocol: false });
  await age(40);
  await workspace.checkout(source, "main", signal);
  await workspace.prune(monthAgo());
  expect(await has(old)).toBe(false);

  const checkout = await workspace.checkout(source, old, signal);

  expect(Buffer.from((await checkout.read("secret.py")) ?? []).toString()).toBe("key = 1\n");
});

test("a commit that was used again stays, however long ago it was fetched", async () => {
  const { workspace, source, old, has, age } = await mirrored({ oldProtocol: false });
  await age(40);
  await workspace.checkout(source, old, signal);

  expect(await workspace.prune(monthAgo())).toBe(0);
  expect(await has(old)).toBe(true);
});

test("a process that has not used the mirror removes no commits: another may be fetching", async () => {
  const { workspace, directory, source, old, has, age } = await mirrored({ oldProtocol: false });
  await age(40);
  await workspace.checkout(source, "main", signal);

  expect(await (await makeGitWorkspace({ directory })).workspace.prune(monthAgo())).toBe(0);
  expect(await has(old)).toBe(true);
});

test("a mirror whose commits cannot be removed does not keep what else is old", async () => {
  const { workspace, source, mirror, age } = await mirrored({ oldProtocol: false });
  await (await workspace.checkout(source, "main", signal)).archive(signal);
  await age(40);
  const [entry] = await (await workspace.checkout(source, "main", signal)).entries();
  const blob = entry?.blob ?? "";
  await rm(join(mirror, "objects", blob.slice(0, 2), blob.slice(2)));

  expect(await workspace.prune(monthAgo())).toBe(1);
});
