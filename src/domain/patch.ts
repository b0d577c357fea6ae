import { formatPatch, structuredPatch, type StructuredPatch } from "diff";
import type { FileChange } from "./edit.ts";
import { splitLines, type TextLine } from "./text-lines.ts";

/** Changed lines beyond which a minimal diff costs more than it tells; the changed span is then replaced whole. */
const maxChangedLines = 2000;

type Hunk = StructuredPatch["hunks"][number];

const contextLines = 3;

/** Lines of a hunk; a text without newline at its end gets git's remark. */
const marked = (mark: "+" | "-" | " ", lines: readonly TextLine[]): string[] =>
  lines.flatMap((line) =>
    line.end === ""
      ? [mark + line.body, "\\ No newline at end of file"]
      : [mark + line.body + line.end.slice(0, -1)],
  );

/** One hunk that replaces every line between the common head and the common tail. */
function wholeSpan(before: string, after: string): Hunk {
  const [old, now] = [splitLines(before), splitLines(after)];
  const same = (i: number, j: number): boolean =>
    old[i]?.body === now[j]?.body && old[i]?.end === now[j]?.end;
  const most = Math.min(old.length, now.length);
  let head = 0;
  while (head < most && same(head, head)) head++;
  let tail = 0;
  while (tail < most - head && same(old.length - 1 - tail, now.length - 1 - tail)) tail++;
  const start = Math.max(0, head - contextLines);
  const above = old.slice(start, head);
  const removed = old.slice(head, old.length - tail);
  const added = now.slice(head, now.length - tail);
  const below = old.slice(old.length - tail, old.length - tail + contextLines);
  return {
    oldStart: start + 1,
    oldLines: above.length + removed.length + below.length,
    newStart: start + 1,
    newLines: above.length + added.length + below.length,
    lines: [...marked(" ", above), ...marked("-", removed), ...marked("+", added), ...marked(" ", below)],
  };
}

function hunksOf(change: FileChange): Hunk[] {
  const [before, after] = [change.before ?? "", change.after ?? ""];
  if (before === after) return [];
  const options = { context: contextLines, maxEditLength: maxChangedLines };
  const patch = structuredPatch("", "", before, after, undefined, undefined, options);
  return patch?.hunks ?? [wholeSpan(before, after)];
}

function fileDiff(change: FileChange): string {
  const created = change.before === null;
  const deleted = change.after === null;
  return formatPatch({
    oldFileName: created ? "/dev/null" : `a/${change.path}`,
    newFileName: deleted ? "/dev/null" : `b/${change.path}`,
    oldHeader: undefined,
    newHeader: undefined,
    isGit: true,
    ...(created ? { isCreate: true, newMode: "100644" } : {}),
    ...(deleted ? { isDelete: true, oldMode: "100644" } : {}),
    hunks: hunksOf(change),
  });
}

/**
 * The changes as `git diff` would print them, so that `git apply` takes them; files that do not change are left out.
 * File modes are not known here: new files are plain ones.
 */
export function unifiedDiff(changes: readonly FileChange[]): string {
  return changes
    .filter((change) => change.before !== change.after)
    .map(fileDiff)
    .join("");
}

export type LineCount = { readonly added: number; readonly removed: number };

/** Added and removed lines of one file, as its diff shows them. */
export function changedLines(change: FileChange): LineCount {
  const rewrites = rewritesOf(change);
  return {
    added: rewrites.flatMap(({ added }) => added).length,
    removed: rewrites.flatMap(({ removed }) => removed).length,
  };
}

export type AddedLine = { readonly line: number; readonly text: string };

/** One place that a change rewrites: what goes, and what comes instead with its numbers in the file as it is after it. */
export type Rewrite = {
  /** Of the file before: the first line that goes, or the one before which some are added. */
  readonly line: number;
  readonly removed: readonly string[];
  readonly added: readonly AddedLine[];
};

/** Every place that a change rewrites, as its diff shows them. */
export const rewritesOf = (change: FileChange): readonly Rewrite[] => hunksOf(change).flatMap(rewritesIn);

function rewritesIn({ oldStart, newStart, lines }: Hunk): readonly Rewrite[] {
  const rewrites: { line: number; removed: string[]; added: AddedLine[] }[] = [];
  let [before, after] = [oldStart, newStart];
  let open: (typeof rewrites)[number] | null = null;
  for (const marked of lines) {
    const text = marked.slice(1);
    if (marked.startsWith("\\")) continue;
    if (marked.startsWith(" ")) {
      open = null;
      before += 1;
      after += 1;
      continue;
    }
    if (open === null) rewrites.push((open = { line: before, removed: [], added: [] }));
    if (marked.startsWith("-")) {
      open.removed.push(text);
      before += 1;
    } else {
      open.added.push({ line: after, text });
      after += 1;
    }
  }
  return rewrites;
}

/** The lines that a change adds, with their numbers in the file as it is after it. */
export const addedLines = (change: FileChange): readonly AddedLine[] =>
  rewritesOf(change).flatMap(({ added }) => added);

/** Added plus removed lines over all files. */
export function patchSize(changes: readonly FileChange[]): number {
  return changes.map(changedLines).reduce((sum, { added, removed }) => sum + added + removed, 0);
}
