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
 * An entry of `git ls-tree -r -z -l`, null when it is none that people can name: a replacement character stands for bytes
 * that are not UTF-8. Throws RepairError for a name that no real repository has.
 */
export function parseEntry(line: string): TreeEntry | null {
  const match = /^(\d+) \w+ ([0-9a-f]+) +(\d+|-)\t([\s\S]+)$/.exec(line);
  if (match === null) return null;
  const [, mode = "", blob = "", size = "", path = ""] = match;
  if (path.split("/").some((segment) => hostileSegment.test(segment))) {
    throw new RepairError("repository-unreadable", `the tree has a forbidden entry: ${JSON.stringify(path)}`);
  }
  const kind = kinds[mode];
  if (kind === undefined || path.includes("\u{FFFD}")) return null;
  return { path, kind, size: size === "-" ? 0 : Number(size), blob };
}

/** Bytes that an entry takes in a tar file, within a few blocks for long names and folders. */
export const tarBytes = ({ size }: TreeEntry): number => tarBlock + Math.ceil(size / tarBlock) * tarBlock;

/** The few largest files, for the message about a repository that is too large. */
export function largestFiles(entries: readonly TreeEntry[]): string {
  const largest = [...entries].sort((a, b) => b.size - a.size).slice(0, 3);
  return largest.map((entry) => `${JSON.stringify(entry.path)} (${megabytes(entry.size)} MB)`).join(", ");
}

const megabytes = (bytes: number): number => Math.ceil(bytes / 2 ** 20);
