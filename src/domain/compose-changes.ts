import type { FileChange } from "./edit.ts";

/**
 * Changes of a commit, then changes of what came of it, as one. What the second ones take back is gone; files in which the
 * second ones did not see what the first ones left are a RangeError.
 */
export function composeChanges(
  first: readonly FileChange[],
  second: readonly FileChange[],
): readonly FileChange[] {
  const composed = new Map(first.map((change) => [change.path, change]));
  for (const change of second) {
    const earlier = composed.get(change.path);
    if (earlier !== undefined && earlier.after !== change.before)
      throw new RangeError(`the changes of ${change.path} do not follow on one another`);
    composed.set(change.path, { ...change, before: (earlier ?? change).before });
  }
  return [...composed.values()].filter(({ before, after }) => before !== after);
}

/** What leads from one set of changes of a commit to another one of the same commit. */
export function changesFrom(
  first: readonly FileChange[],
  wanted: readonly FileChange[],
): readonly FileChange[] {
  const [left, right] = [byPath(first), byPath(wanted)];
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((path): readonly FileChange[] => {
    const original = left.get(path) ?? right.get(path);
    const untouched = original === undefined ? null : original.before;
    const before = left.has(path) ? (left.get(path)?.after ?? null) : untouched;
    const after = right.has(path) ? (right.get(path)?.after ?? null) : untouched;
    return before === after ? [] : [{ path, before, after }];
  });
}

const byPath = (changes: readonly FileChange[]): ReadonlyMap<string, FileChange> =>
  new Map(changes.map((change) => [change.path, change]));
