import { describe, expect, test } from "vitest";
import type { Checkout, RepoSource, Workspace } from "../../src/ports/workspace.ts";
import type { TreeFile } from "../fixtures/make-repository.ts";
import { readTar } from "../fixtures/read-tar.ts";

type Files = Readonly<Record<string, TreeFile>>;

/** One workspace and one repository that it can read. */
export type WorkspaceSubject = {
  readonly workspace: Workspace;
  readonly source: RepoSource;
  /** A source that leads nowhere. */
  readonly missing: RepoSource;
  /** Replaces the tree of the branch `main` and gives the new commit. */
  commit(files: Files): Promise<string>;
};

const signal = new AbortController().signal;
const submoduleSha = "1".repeat(40);

export function workspaceContract(
  name: string,
  makeSubject: (options: { maxRepositoryMb: number }) => Promise<WorkspaceSubject>,
): void {
  const subjectWith = async (files: Files): Promise<{ subject: WorkspaceSubject; checkout: Checkout }> => {
    const subject = await makeSubject({ maxRepositoryMb: 200 });
    await subject.commit(files);
    return { subject, checkout: await subject.workspace.checkout(subject.source, "main", signal) };
  };

  describe(`${name} as a Workspace`, () => {
    test("pins a branch to the commit it names now", async () => {
      const subject = await makeSubject({ maxRepositoryMb: 200 });
      const first = await subject.commit({ "a.py": "a = 1\n" });

      const checkout = await subject.workspace.checkout(subject.source, "main", signal);
      await subject.commit({ "a.py": "a = 2\n" });

      expect(checkout.baseSha).toBe(first);
      expect(await textOf(checkout, "a.py")).toBe("a = 1\n");
    });

    test("reads an older commit by its SHA after the branch moved on", async () => {
      const subject = await makeSubject({ maxRepositoryMb: 200 });
      const first = await subject.commit({ "a.py": "a = 1\n" });
      const second = await subject.commit({ "a.py": "a = 2\n" });

      const old = await subject.workspace.checkout(subject.source, first, signal);
      const current = await subject.workspace.checkout(subject.source, "main", signal);

      expect([old.baseSha, await textOf(old, "a.py")]).toEqual([first, "a = 1\n"]);
      expect([current.baseSha, await textOf(current, "a.py")]).toEqual([second, "a = 2\n"]);
    });

    test("refuses a commit and a branch that are not there instead of reading another", async () => {
      const subject = await makeSubject({ maxRepositoryMb: 200 });
      await subject.commit({ "a.py": "a = 1\n" });

      for (const gone of ["0123456789".repeat(4), "no-such-branch"]) {
        const checkout = subject.workspace.checkout(subject.source, gone, signal);
        await expect(checkout).rejects.toMatchObject({ code: "repository-unreadable" });
      }
    });

    test("lists every kind of entry with its size, sorted by path", async () => {
      const { checkout } = await subjectWith({
        "run.sh": { executable: "#!/bin/sh\n" },
        "lib/a.py": "a = 1\n",
        "link.py": { link: "lib/a.py" },
        vendored: { submodule: submoduleSha },
      });

      const entries = (await checkout.entries()).map(({ path, kind, size }) => [path, kind, size]);

      expect(entries).toEqual([
        ["lib/a.py", "file", 6],
        ["link.py", "symlink", 8],
        ["run.sh", "executable", 10],
        ["vendored", "submodule", 0],
      ]);
    });

    test.each([
      "with space.py",
      'it\'s "quoted".py',
      "new\nline.py",
      "-leading.py",
      "täst/日本.py",
      "$(id).py",
    ])("reads and archives the file named %j", async (path) => {
      const { checkout } = await subjectWith({ [path]: "odd = True\n", "other.py": "" });

      expect((await checkout.entries()).map((entry) => entry.path)).toContain(path);
      expect(await textOf(checkout, path)).toBe("odd = True\n");
      expect(await checkout.search(["odd = True"])).toEqual([path]);
      const archived = await readTar((await checkout.archive(signal)).file);
      expect(archived.get(path)?.bytes.toString()).toBe("odd = True\n");
    });

    test("keeps bytes as they are: CRLF, no newline at the end, NUL", async () => {
      const bytes = Buffer.from("a\r\nb\rc\n\fd\0end");
      const { checkout } = await subjectWith({ "bytes.dat": bytes, "crlf.py": "a = 1\r\nb = 2" });

      expect(Buffer.from((await checkout.read("bytes.dat")) ?? [])).toEqual(bytes);
      expect(await textOf(checkout, "crlf.py")).toBe("a = 1\r\nb = 2");
      const archived = await readTar((await checkout.archive(signal)).file);
      expect(archived.get("bytes.dat")?.bytes).toEqual(bytes);
    });

    test("does not follow symlinks, and archives them as links", async () => {
      const { checkout } = await subjectWith({ "passwd.py": { link: "/etc/passwd" }, up: { link: "../.." } });

      expect(await checkout.read("passwd.py")).toBeNull();
      expect(await checkout.read("up/etc/passwd")).toBeNull();
      const archived = await readTar((await checkout.archive(signal)).file);
      expect(archived.get("passwd.py")).toMatchObject({ type: "symlink", link: "/etc/passwd" });
    });

    test("reads null for folders, submodules and paths that are not there", async () => {
      const { checkout } = await subjectWith({ "lib/a.py": "", vendored: { submodule: submoduleSha } });

      const paths = [
        "lib",
        "vendored",
        "nothing.py",
        "",
        "../lib/a.py",
        "lib/../lib/a.py",
        "/lib/a.py",
        "HEAD",
      ];
      expect(await Promise.all(paths.map((path) => checkout.read(path)))).toEqual(paths.map(() => null));
      expect(await textOf(checkout, "lib/a.py")).toBe("");
    });

    test("finds fixed strings, not patterns, in text files only", async () => {
      const { checkout } = await subjectWith({
        "a.py": "from shop.rates import *\n",
        "b.py": "shopXrates\n",
        "c.py": "--upload-pack=x\n",
        "d.bin": Buffer.from("\0shop.rates"),
        "e.py": { link: "shop.rates" },
      });

      expect(await checkout.search(["shop.rates"])).toEqual(["a.py"]);
      expect(await checkout.search(["shop.rates", "--upload-pack=x"])).toEqual(["a.py", "c.py"]);
      expect(await checkout.search(["import *"])).toEqual(["a.py"]);
      expect(await checkout.search(["absent"])).toEqual([]);
      expect(await checkout.search([])).toEqual([]);
      expect(await checkout.search(["", "two\nlines"])).toEqual([]);
    });

    test("archives the executable bit and counts the files", async () => {
      const { checkout } = await subjectWith({ "run.sh": { executable: "#!/bin/sh\n" }, "a.py": "" });

      const archive = await checkout.archive(signal);

      const archived = await readTar(archive.file);
      expect((archived.get("run.sh")?.mode ?? 0) & 0o100).toBe(0o100);
      expect((archived.get("a.py")?.mode ?? 0) & 0o100).toBe(0);
      expect(archive).toMatchObject({ sha: checkout.baseSha, files: 2 });
    });

    test("reads a file of 100 MB whole", { timeout: 60_000 }, async () => {
      const { checkout } = await subjectWith({ "large.dat": Buffer.alloc(100 * 2 ** 20, 7), "a.py": "" });

      const bytes = await checkout.read("large.dat");

      expect(bytes?.length).toBe(100 * 2 ** 20);
      expect((await checkout.archive(signal)).bytes).toBeGreaterThan(100 * 2 ** 20);
    });

    test("refuses a tree above the limit", async () => {
      const subject = await makeSubject({ maxRepositoryMb: 1 });
      await subject.commit({ "large.dat": Buffer.alloc(2 * 2 ** 20) });

      const checkout = subject.workspace.checkout(subject.source, "main", signal);

      await expect(checkout).rejects.toMatchObject({ code: "repository-too-large" });
    });

    test("says that a repository without a commit is empty", async () => {
      const subject = await makeSubject({ maxRepositoryMb: 1 });

      const checkouts = ["main", "HEAD", "2".repeat(40)].map((ref) =>
        subject.workspace.checkout(subject.source, ref, signal),
      );

      for (const outcome of await Promise.allSettled(checkouts)) {
        expect(outcome).toMatchObject({ status: "rejected", reason: { code: "repository-empty" } });
      }
    });

    test("says that a commit without files is empty", async () => {
      const subject = await makeSubject({ maxRepositoryMb: 1 });
      await subject.commit({});

      const checkout = subject.workspace.checkout(subject.source, "main", signal);

      await expect(checkout).rejects.toMatchObject({ code: "repository-empty" });
    });

    test.each(["other", "2".repeat(40), "--upload-pack=touch x", "ma*n", "main..main", ""])(
      "refuses the ref %j, which names nothing",
      async (ref) => {
        const subject = await makeSubject({ maxRepositoryMb: 1 });
        await subject.commit({ "a.py": "" });

        const checkout = subject.workspace.checkout(subject.source, ref, signal);

        await expect(checkout).rejects.toMatchObject({ code: "repository-unreadable" });
      },
    );

    test("refuses a source that leads nowhere", async () => {
      const subject = await makeSubject({ maxRepositoryMb: 1 });

      const checkout = subject.workspace.checkout(subject.missing, "main", signal);

      await expect(checkout).rejects.toMatchObject({ code: "repository-unreadable" });
    });

    test("ends as cancelled when the signal has aborted", async () => {
      const subject = await makeSubject({ maxRepositoryMb: 1 });
      await subject.commit({ "a.py": "" });

      const checkout = subject.workspace.checkout(subject.source, "main", AbortSignal.abort());

      await expect(checkout).rejects.toMatchObject({ code: "cancelled" });
    });

    test("removes what was not used for long, and fetches it again when it is wanted", async () => {
      const { subject, checkout } = await subjectWith({ "a.py": "1" });
      await checkout.archive(signal);
      const [before, after] = [Date.now() - 60_000, Date.now() + 60_000];

      const kept = await subject.workspace.prune(before);
      const archived = await readTar((await checkout.archive(signal)).file);
      const removed = await subject.workspace.prune(after);
      const again = await subject.workspace.prune(after);

      expect([kept, removed, again]).toEqual([0, 1, 0]);
      expect(archived.has("a.py")).toBe(true);
      const fresh = await subject.workspace.checkout(subject.source, "main", signal);
      expect([fresh.baseSha, await textOf(fresh, "a.py")]).toEqual([checkout.baseSha, "1"]);
    });

    test("knows no copies of a repository that it never read", async () => {
      const { subject } = await subjectWith({ "a.py": "1" });

      expect(await subject.workspace.forget("nobody/nothing")).toBe(0);
      expect(await subject.workspace.repositories()).not.toContain("nobody/nothing");
    });

    test("serves many checkouts of one repository at the same time", async () => {
      const subject = await makeSubject({ maxRepositoryMb: 1 });
      const shas = [await subject.commit({ "a.py": "1" }), await subject.commit({ "a.py": "2" })];

      const refs = [...shas, "main", ...shas, "HEAD"];
      const checkouts = await Promise.all(
        refs.map((ref) => subject.workspace.checkout(subject.source, ref, signal)),
      );
      const archives = await Promise.all(checkouts.map((checkout) => checkout.archive(signal)));

      expect(await Promise.all(checkouts.map((checkout) => textOf(checkout, "a.py")))).toEqual([
        "1",
        "2",
        "2",
        "1",
        "2",
        "2",
      ]);
      for (const [index, archive] of archives.entries()) {
        expect(archive.sha).toBe(checkouts[index]?.baseSha);
        expect((await readTar(archive.file)).has("a.py")).toBe(true);
      }
    });
  });
}

async function textOf(checkout: Checkout, path: string): Promise<string | null> {
  const bytes = await checkout.read(path);
  return bytes === null ? null : Buffer.from(bytes).toString("utf8");
}
