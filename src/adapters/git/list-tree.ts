import { spawn } from "node:child_process";
import { once } from "node:events";
import type { TreeEntry } from "../../ports/workspace.ts";
import { GitFailure } from "./git-command.ts";
import { parseEntry, tarBytes } from "./tree.ts";

/** Characters that git may say of a tree; Chromium's 500,000 files take 60 million. */
const longestListing = 2 ** 27;
const longestComplaint = 10_000;

export type TreeListing = {
  /** Sorted by path; where the tree is too large, those that were read until then. */
  readonly entries: readonly TreeEntry[];
  /** Whether there is nothing in it at all, not even what has no usable name. */
  readonly empty: boolean;
  readonly tooLarge: boolean;
};

/**
 * The tree of a commit, if it takes no more than `most` bytes of tar. It is read as git says it and no further than that: a
 * few trees that name each other many times have more entries than any memory holds. Throws GitFailure, and like parseEntry.
 */
export async function listTree(
  sha: string,
  most: number,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<TreeListing> {
  const git = spawn("git", ["ls-tree", "-r", "-z", "-l", sha], {
    cwd: environment["GIT_DIR"] ?? "/",
    env: { ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    signal,
  });
  const ended = once(git, "close");
  // it may fail long before it is awaited
  ended.catch(() => undefined);
  let complaint = "";
  git.stderr.setEncoding("utf8").on("data", (text: string) => {
    if (complaint.length < longestComplaint) complaint += text;
  });
  let whole = false;
  try {
    const listing = await readListing(git.stdout.setEncoding("utf8"), most);
    if (listing.tooLarge) return listing;
    whole = true;
    await ended;
    if (git.exitCode !== 0) throw new GitFailure(git.exitCode ?? -1, complaint);
    return listing;
  } finally {
    if (!whole) git.kill("SIGKILL");
  }
}

async function readListing(output: AsyncIterable<unknown>, most: number): Promise<TreeListing> {
  const entries: TreeEntry[] = [];
  let [characters, bytes, begun] = [0, 0, ""];
  const tooLarge = (): boolean => bytes > most || characters > longestListing;
  for await (const chunk of output) {
    const text = String(chunk);
    characters += text.length;
    const [end = "", ...others] = text.split("\0");
    const lines = [begun + end, ...others];
    begun = lines.pop() ?? "";
    for (const entry of lines.flatMap((line) => parseEntry(line) ?? [])) {
      entries.push(entry);
      bytes += tarBytes(entry);
    }
    if (tooLarge()) break;
  }
  entries.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { entries, empty: characters === 0, tooLarge: tooLarge() };
}
