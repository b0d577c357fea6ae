import { chown, mkdtemp, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseEntry } from "../../../src/adapters/git/tree.ts";
import { asEntries, makeRepository } from "../../fixtures/make-repository.ts";
import { readTar } from "../../fixtures/read-tar.ts";
import { makeGitWorkspace } from "./make-git-workspace.ts";

const signal = new AbortController().signal;
const isRoot = process.getuid?.() === 0;
const required = process.env["COPATCHER_REQUIRE_ALL"] === "1";

describe("a hostile local repository", () => {
  test("cannot have its hooks, monitors, filters or commands executed", async () => {
    const repository = await makeRepository();
    const traps = await mkdtemp(join(tmpdir(), "copatcher-traps-"));
    const trap = join(traps, "trap.sh");
    await writeFile(trap, `#!/bin/sh\ntouch ${traps}/sprung-$(basename "$0")\ncat\n`, { mode: 0o755 });
    for (const key of [
      "core.fsmonitor",
      "core.sshCommand",
      "core.alternateRefsCommand",
      "core.askPass",
      "core.gitProxy",
      "uploadpack.packObjectsHook",
      "filter.evil.clean",
      "filter.evil.smudge",
      "diff.evil.textconv",
      "diff.evil.command",
      "credential.helper",
      "gc.recentObjectsHook",
      "tar.tar.command",
      "pager.grep",
      "remote.origin.uploadpack",
    ]) {
      await repository.git("config", key, trap);
    }
    await repository.git("config", "core.hooksPath", traps);
    for (const hook of ["reference-transaction", "post-checkout", "pre-auto-gc", "post-index-change"]) {
      await writeFile(join(traps, hook), `#!/bin/sh\ntouch ${traps}/sprung-${hook}\n`, { mode: 0o755 });
    }
    await repository.commit(
      asEntries({
        ".gitattributes": "* filter=evil diff=evil\n",
        ".gitmodules": `[submodule "x"]\n\tpath = x\n\turl = ext::${trap}\n\tupdate = !${trap}\n`,
        x: { submodule: "1".repeat(40) },
        "a.py": "a = 1\n",
      }),
    );
    const before = await readdir(traps);
    const { workspace } = await makeGitWorkspace();

    const checkout = await workspace.checkout(
      { kind: "local", directory: repository.directory },
      "main",
      signal,
    );
    await checkout.search(["a = 1"]);
    await checkout.read("a.py");
    await checkout.archive(signal);

    // The fixture's own commit sprang one, so they are armed.
    expect(before).toContain("sprung-reference-transaction");
    expect(await readdir(traps)).toEqual(before);
  });

  test("cannot leave files out of the archive or have bytes rewritten on the way", async () => {
    const repository = await makeRepository();
    const files = {
      ".gitattributes":
        "[attr]gone export-ignore\ntests gone\nsecret.py export-ignore\n*.py export-subst text eol=crlf ident\n*.txt working-tree-encoding=UTF-16\n",
      "tests/test_a.py": "assert True\n",
      "secret.py": "# $Id$ $Format:%H$\nx = 1\n",
      "a.txt": "text\n",
    };
    await repository.commit(asEntries(files));
    const { workspace } = await makeGitWorkspace();

    const checkout = await workspace.checkout(
      { kind: "local", directory: repository.directory },
      "main",
      signal,
    );

    const archived = await readTar((await checkout.archive(signal)).file);
    expect([...archived.keys()].sort()).toEqual(Object.keys(files).sort());
    for (const [path, text] of Object.entries(files)) expect(archived.get(path)?.bytes.toString()).toBe(text);
  });

  test("cannot hide a text file from the search by attributes", async () => {
    const repository = await makeRepository();
    await repository.commit(asEntries({ ".gitattributes": "*.py binary\n", "a.py": "needle\n" }));
    const { workspace } = await makeGitWorkspace();

    const checkout = await workspace.checkout(
      { kind: "local", directory: repository.directory },
      "main",
      signal,
    );

    expect(await checkout.search(["needle"])).toEqual(["a.py"]);
  });

  test("keeps names that are not UTF-8 in the archive and out of the entries", async () => {
    const repository = await makeRepository();
    await repository.commit([
      [Buffer.from([0x62, 0xe9, 0x2e, 0x70, 0x79]), "needle\n"],
      ["a.py", "needle\n"],
    ]);
    const { workspace } = await makeGitWorkspace();

    const checkout = await workspace.checkout(
      { kind: "local", directory: repository.directory },
      "main",
      signal,
    );

    expect((await checkout.entries()).map((entry) => entry.path)).toEqual(["a.py"]);
    expect(await checkout.search(["needle"])).toEqual(["a.py"]);
    expect((await readTar((await checkout.archive(signal)).file)).size).toBe(2);
  });

  test("is refused when its few trees name each other so often that no memory holds what is in them", async () => {
    const repository = await makeRepository();
    let entry = `100644 blob ${await repository.store("blob", "")}`;
    for (let level = 0; level < 7; level += 1) {
      const names = Array.from({ length: 10 }, (_, i) => `${entry}\t${i}${"x".repeat(20)}\n`);
      entry = `040000 tree ${await repository.store("tree", names.join(""))}`;
    }
    const tree = entry.slice(-40);
    const author = ["-c", "user.name=Test", "-c", "user.email=test@example.org"];
    const sha = (await repository.git(...author, "commit-tree", "-m", "bomb", tree)).trim();
    await repository.git("update-ref", "refs/heads/main", sha);
    const { workspace } = await makeGitWorkspace({ maxRepositoryMb: 20 });
    const source = { kind: "local" as const, directory: repository.directory };
    const before = process.memoryUsage().rss;

    const checkout = workspace.checkout(source, "main", signal);

    await expect(checkout).rejects.toMatchObject({ code: "repository-too-large" });
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 2 ** 20);
  });

  test.each(["..", "../x.py", "a/../../x.py", ".git/hooks/post-checkout", "a/.GIT/config", "./a.py"])(
    "is refused when its tree has the entry %j",
    (path) => {
      const line = `100644 blob ${"1".repeat(40)}       3\t${path}`;

      expect(() => parseEntry(line)).toThrow(/forbidden entry/);
    },
  );

  test.skipIf(!isRoot && !required)("may belong to another user (needs root to set up)", async () => {
    const repository = await makeRepository();
    const sha = await repository.commit(asEntries({ "a.py": "" }));
    for (const name of ["", ".git", ...(await readdir(join(repository.directory, ".git")))]) {
      const path = name === "" || name === ".git" ? name : join(".git", name);
      await chown(join(repository.directory, path), 54321, 54321);
    }
    const { workspace } = await makeGitWorkspace();

    const checkout = await workspace.checkout(
      { kind: "local", directory: repository.directory },
      "main",
      signal,
    );

    expect(checkout.baseSha).toBe(sha);
  });

  test("is read when it is bare, and when it is a shallow clone itself", async () => {
    const bare = await makeRepository({ bare: true });
    await bare.commit(asEntries({ "a.py": "1" }));
    const sha = await bare.commit(asEntries({ "a.py": "2" }));
    const shallow = await makeRepository();
    await shallow.git(
      "fetch",
      "--quiet",
      "--depth=1",
      "--update-head-ok",
      `file://${bare.directory}`,
      "+main:refs/heads/main",
    );
    const { workspace } = await makeGitWorkspace();

    for (const { directory } of [bare, shallow]) {
      const checkout = await workspace.checkout({ kind: "local", directory }, "HEAD", signal);
      expect(checkout.baseSha).toBe(sha);
    }
  });
});
