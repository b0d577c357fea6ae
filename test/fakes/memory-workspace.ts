import { createHash } from "node:crypto";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { mkdtemp, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { pack } from "tar-stream";
import { afterAll } from "vitest";
import { RepairError } from "../../src/domain/errors.ts";
import { repoSlug } from "../../src/domain/issue.ts";
import type { Checkout, RepoSource, TreeEntry, Workspace } from "../../src/ports/workspace.ts";
import type { TreeFile } from "../fixtures/make-repository.ts";

/** Of every commit: one of this second would make bytecode of the base count for a patched file of the same size. */
const mtime = new Date("2020-01-01T00:00:00Z");

type Files = Readonly<Record<string, TreeFile>>;

/** A commit that is only in memory; its archive is a real tar file in a temporary folder. */
export function memoryCheckout(files: Files): Checkout {
  const entries = Object.entries(files)
    .map(([path, file]): TreeEntry => ({ path, ...describe(file) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const baseSha = hash(Buffer.from(JSON.stringify(entries)));
  const read = (path: string): Promise<Uint8Array | null> => {
    const entry = entries.find((candidate) => candidate.path === path);
    const readable = entry?.kind === "file" || entry?.kind === "executable";
    return Promise.resolve(readable ? new Uint8Array(contentOf(files[path] ?? "")) : null);
  };
  return {
    baseSha,
    entries: () => Promise.resolve(entries),
    read,
    search: async (texts) => {
      const wanted = texts.filter((text) => text !== "" && !/[\n\0]/.test(text));
      const found: string[] = [];
      for (const { path } of entries) {
        const bytes = await read(path);
        if (bytes === null || bytes.subarray(0, 8000).includes(0)) continue;
        const text = Buffer.from(bytes).toString("utf8");
        if (wanted.some((part) => text.includes(part))) found.push(path);
      }
      return found;
    },
    archive: async (signal) => {
      signal.throwIfAborted();
      const file = join(await mkdtemp(join(archives(), "commit-")), `${baseSha}.tar`);
      const kept = entries.filter((entry) => entry.kind !== "submodule");
      const tar = pack();
      const written = pipeline(tar, createWriteStream(file));
      for (const { path, kind } of kept) {
        const content = contentOf(files[path] ?? "");
        if (kind === "symlink") {
          tar.entry({ name: path, type: "symlink", linkname: content.toString("utf8"), mtime });
        } else tar.entry({ name: path, mode: kind === "executable" ? 0o755 : 0o644, mtime }, content);
      }
      tar.finalize();
      await written;
      return { file, sha: baseSha, bytes: (await stat(file)).size, files: kept.length };
    },
  };
}

let folder: string | null = null;
afterAll(() => {
  if (folder !== null) rmSync(folder, { recursive: true, force: true });
  folder = null;
});

/** One folder for the archives of all tests of a file. */
function archives(): string {
  folder ??= mkdtempSync(join(tmpdir(), "copatcher-archive-"));
  return folder;
}

export type MemoryWorkspace = Workspace & {
  /** Sets what `branch` of the local repository `directory` holds; its older commits stay reachable by SHA. */
  commit(directory: string, files: Files, branch?: string): string;
  /** Makes a repository without a commit. */
  create(directory: string): void;
};

/** Repositories in memory, known by the folder of a local source or the URL of a remote one. */
export function createMemoryWorkspace(maxRepositoryMb = 1024, now: () => number = Date.now): MemoryWorkspace {
  /** When each address was last checked out, under the repository's name. */
  const copies = new Map<string, { readonly slug: string; readonly at: number }>();
  const repositories = new Map<string, Map<string, Checkout>>();
  const create = (directory: string): Map<string, Checkout> => {
    const repository = repositories.get(directory) ?? new Map<string, Checkout>();
    repositories.set(directory, repository);
    return repository;
  };
  return {
    create,
    commit: (directory, files, branch = "main") => {
      const checkout = memoryCheckout(files);
      create(directory).set(branch, checkout).set(checkout.baseSha, checkout).set("HEAD", checkout);
      return checkout.baseSha;
    },
    checkout: async (source: RepoSource, ref: string, signal: AbortSignal) => {
      if (signal.aborted) throw new RepairError("cancelled", "the checkout was cancelled");
      const name = source.kind === "local" ? source.directory : source.url;
      const repository = repositories.get(name);
      if (repository === undefined) throw new RepairError("repository-unreadable", `there is no ${name}`);
      if (repository.size === 0) throw new RepairError("repository-empty", `${name} has no commit`);
      const checkout = repository.get(ref);
      if (checkout === undefined) throw new RepairError("repository-unreadable", `${name} has no ${ref}`);
      const entries = await checkout.entries();
      if (entries.length === 0) throw new RepairError("repository-empty", `${name} has no files`);
      const bytes = entries.reduce((sum, entry) => sum + entry.size, 0);
      if (bytes > maxRepositoryMb * 2 ** 20)
        throw new RepairError("repository-too-large", `${name} is large`);
      copies.set(name, {
        slug: source.kind === "remote" ? repoSlug(source.repo).toLowerCase() : "",
        at: now(),
      });
      return checkout;
    },
    repositories: async () => [...copies.values()].flatMap(({ slug }) => (slug === "" ? [] : [slug])),
    forget: async (repository) => removeCopies(copies, ({ slug }) => slug === repository.toLowerCase()),
    prune: async (before) => removeCopies(copies, ({ at }) => at < before),
  };
}

function removeCopies<T>(copies: Map<string, T>, isOld: (copy: T) => boolean): number {
  const old = [...copies].filter(([, copy]) => isOld(copy));
  for (const [name] of old) copies.delete(name);
  return old.length;
}

function describe(file: TreeFile): Omit<TreeEntry, "path"> {
  const content = contentOf(file);
  const kind = kindOf(file);
  return { kind, size: kind === "submodule" ? 0 : content.length, blob: hash(content) };
}

function kindOf(file: TreeFile): TreeEntry["kind"] {
  if (typeof file === "string" || file instanceof Uint8Array) return "file";
  if ("link" in file) return "symlink";
  return "submodule" in file ? "submodule" : "executable";
}

function contentOf(file: TreeFile): Buffer {
  if (typeof file === "string") return Buffer.from(file);
  if (file instanceof Uint8Array) return Buffer.from(file);
  if ("link" in file) return Buffer.from(file.link);
  return Buffer.from("submodule" in file ? file.submodule : file.executable);
}

const hash = (bytes: Buffer): string => createHash("sha1").update(bytes).digest("hex");
