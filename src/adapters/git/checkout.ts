import { randomUUID } from "node:crypto";
import { mkdir, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import type { Checkout, RepoSource, TreeArchive, TreeEntry } from "../../ports/workspace.ts";
import { createBlobReader } from "./blob-reader.ts";
import { gitText } from "./git-command.ts";
import { gitError } from "./git-failure.ts";

/** A commit of a mirror; `environment` is the reading one (no transport, no credentials). */
export function createCheckout(options: {
  readonly source: RepoSource;
  readonly sha: string;
  readonly entries: readonly TreeEntry[];
  readonly archives: string;
  readonly environment: Readonly<Record<string, string>>;
}): Checkout {
  const { source, sha, entries, environment } = options;
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  const readBlob = createBlobReader(environment);
  const unaborted = new AbortController().signal;

  const read = async (path: string): Promise<Uint8Array | null> => {
    const entry = byPath.get(path);
    if (entry === undefined || (entry.kind !== "file" && entry.kind !== "executable")) return null;
    try {
      return await readBlob(entry.blob, entry.size);
    } catch (error) {
      throw gitError(source, error, unaborted, null);
    }
  };

  const search = async (texts: readonly string[]): Promise<readonly string[]> => {
    const lines = texts.filter((text) => text !== "" && !/[\n\0]/.test(text));
    if (lines.length === 0) return [];
    const output = await gitText({
      args: ["grep", "-l", "-z", "-F", "-I", "--no-textconv", "--no-color", "-f", "-", sha],
      environment,
      // Patterns on standard input: no limit of length, and none can look like an option.
      input: `${lines.join("\n")}\n`,
      okCodes: [0, 1],
    }).catch((error: unknown) => {
      throw gitError(source, error, unaborted, null);
    });
    const paths = output.split("\0").map((name) => name.slice(sha.length + 1));
    return paths.filter((path) => byPath.has(path)).sort();
  };

  const archive = async (signal: AbortSignal): Promise<TreeArchive> => {
    const file = join(options.archives, `${sha}.tar`);
    const files = entries.filter((entry) => entry.kind !== "submodule").length;
    const describe = async (): Promise<TreeArchive> => ({
      file,
      sha,
      bytes: (await stat(file)).size,
      files,
    });
    if (await isUsed(file)) return describe();
    await mkdir(options.archives, { recursive: true });
    const partial = join(options.archives, `.${sha}-${randomUUID()}`);
    try {
      await gitText({ args: ["archive", "--format=tar", "-o", partial, sha], environment, signal });
      await rename(partial, file);
    } catch (error) {
      throw gitError(source, error, signal, null);
    } finally {
      await rm(partial, { force: true });
    }
    return describe();
  };

  return { baseSha: sha, entries: () => Promise.resolve(entries), read, search, archive };
}

/** Whether it is there; if so, it counts as used just now. */
const isUsed = (file: string): Promise<boolean> => {
  const now = new Date();
  return utimes(file, now, now).then(
    () => true,
    () => false,
  );
};
