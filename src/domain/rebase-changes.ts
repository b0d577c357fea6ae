import { applyPatch, structuredPatch } from "diff";
import type { FileChange } from "./edit.ts";

/** Beyond so many changed lines a diff costs more than it tells. */
const maxChangedLines = 2_000;

/**
 * The changes as changes of other texts of the same files, which `now` gives (null: there is no such file); null when one
 * does not fit there any more, or is there already.
 */
export function rebaseChanges(
  changes: readonly FileChange[],
  now: (path: string) => string | null,
): readonly FileChange[] | null {
  const rebased: FileChange[] = [];
  for (const { path, before, after } of changes) {
    const current = now(path);
    const text = current === before ? after : merged(current, before, after);
    if (text === undefined) return null;
    rebased.push({ path, before: current, after: text });
  }
  return rebased;
}

function merged(current: string | null, before: string | null, after: string | null): string | undefined {
  if (current === null || before === null || after === null) return undefined;
  const patch = structuredPatch("", "", before, after, undefined, undefined, {
    maxEditLength: maxChangedLines,
  });
  const text = patch === undefined ? false : applyPatch(current, patch);
  return text === false ? undefined : text;
}
