import { keysAt, settingsKeys } from "./json-schema.ts";

/** How many letters must be added, left out, replaced or swapped with their neighbour to make `a` of `b`. */
export function editDistance(a: string, b: string): number {
  let [before, row]: readonly [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next[j] = Math.min(
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
        (row[j - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (before[j - 2] ?? 0) + 1 : Infinity,
      );
    }
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}

/** Longer names are no misspelling of ours, and comparing them takes long. */
const longest = 40;

/** The key that was probably meant by `key` in the section at `path`, as `section.key`; null when none is near. */
export function nearestKey(path: readonly PropertyKey[], key: string): string | null {
  if (key.length > longest) return null;
  const word = key.toLowerCase().replaceAll("-", "_");
  const near = keysAt(path)
    .map((name) => ({ name, distance: editDistance(word, name) }))
    .filter(({ name, distance }) => distance <= Math.max(1, Math.floor(name.length / 3)))
    .toSorted((one, other) => one.distance - other.distance)[0];
  if (near !== undefined) return [...path.map(String), near.name].join(".");
  const elsewhere = settingsKeys().find(([name]) => name.split(".").at(-1) === word);
  return elsewhere?.[0] ?? null;
}
