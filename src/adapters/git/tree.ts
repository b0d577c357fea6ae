import { RepairError } from "../../domain/errors.ts";
import type { TreeEntry } from "../../ports/workspace.ts";

const kinds: Readonly<Record<string, TreeEntry["kind"]>> = {
  "100644": "file",
  "100664": "file",
  "100755": "executable",
  "120000": "symlink",
  "160000": "submodule",
};

const tarBlock = 512;

/** Names that no real repository has and that would leave the tree, or plant git data, where it is unpacked. */
const hostileSegment = /^(\.|\.\.|\.git)$/i;

/**
 * Entries of `git ls-tree -r -z -l`, sorted. A replacement character stands for bytes that are not UTF-8; such entries
 * stay in the archive but cannot be named by anyone.
 */
export function parseTree(listing: string): readonly TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (const line of listing.split("\0")) {
    const match = /^(\d+) \w+ ([0-9a-f]+) +(\d+|-)\t([\s\S]+)$/.exec(line);
    if (match === null) continue;
    const [, mode = "", blob = "", size = "", path = ""] = match;
    if (path.split("/").some((segment) => hostileSegment.test(segment))) {
      throw new RepairError(
        "repository-unreadable",
        `the tree has a forbidden entry: ${JSON.stringify(path)}`,
      );
    }
    const kind = kinds[mode];
    if (kind === undefined || path.includes("\u{FFFD}")) continue;
    entries.push({ path, kind, size: size === "-" ? 0 : Number(size), blob });
  }
  return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Bytes that a tar file of these entries takes, within a few blocks for long names and folders. */
export const tarBytes = (entries: readonly TreeEntry[]): number =>
  entries.reduce((sum, entry) => sum + tarBlock + Math.ceil(entry.size / tarBlock) * tarBlock, 0);

/** The few largest files, for the message about a repository that is too large. */
export function largestFiles(entries: readonly TreeEntry[]): string {
  const largest = [...entries].sort((a, b) => b.size - a.size).slice(0, 3);
  return largest.map((entry) => `${JSON.stringify(entry.path)} (${megabytes(entry.size)} MB)`).join(", ");
}

export const megabytes = (bytes: number): number => Math.ceil(bytes / 2 ** 20);
