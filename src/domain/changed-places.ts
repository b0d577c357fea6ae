import type { FileChange } from "./edit.ts";
import { rewritesOf } from "./patch.ts";

/** What a patch does to lines of the base commit. */
export type Changed = {
  /** `path:line` of each line that it takes away, counted from 1, and `path:line+` of each before which it only adds. */
  readonly places: ReadonlySet<string>;
  /** Lines that it leaves as they are, though it takes another of the same text away in that file; by their number after it. */
  readonly twins: readonly Twin[];
};

export type Twin = { readonly path: string; readonly line: number; readonly text: string };

/** Shorter ones (`return None`, `else:`) stand at many places that have nothing to do with one another. */
const tellingCharacters = 20;

const known = new WeakMap<readonly FileChange[], Changed>();

/** Worked out once for the changes of a sample, whatever is asked about it. */
export function changedBy(changes: readonly FileChange[]): Changed {
  let changed = known.get(changes);
  if (changed === undefined) {
    const files = changes.map(changedIn);
    changed = {
      places: new Set(files.flatMap(({ places }) => places)),
      twins: files.flatMap(({ twins }) => twins),
    };
    known.set(changes, changed);
  }
  return changed;
}

function changedIn(change: FileChange): {
  readonly places: readonly string[];
  readonly twins: readonly Twin[];
} {
  const { path, after } = change;
  const rewrites = rewritesOf(change);
  const places = rewrites.flatMap(({ line, removed }) =>
    removed.length === 0 ? [`${path}:${line}+`] : removed.map((_, nth) => `${path}:${line + nth}`),
  );
  const added = new Set(rewrites.flatMap((one) => one.added.map(({ text }) => text.trim())));
  const away = new Set(
    rewrites
      .flatMap(({ removed }) => removed.map((line) => line.trim()))
      .filter((line) => line.length >= tellingCharacters && !added.has(line)),
  );
  const twins = (after ?? "").split("\n").flatMap((line, at): readonly Twin[] => {
    const text = line.trim();
    return away.has(text) ? [{ path, line: at + 1, text }] : [];
  });
  return { places, twins };
}
