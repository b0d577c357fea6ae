import { structuredPatch } from "diff";
import type { FileChange } from "./edit.ts";

/** What a patch does to lines of the base commit. */
export type Changed = {
  /** `path:line` of each line that it takes away, counted from 1, and `path:line+` of each before which it only adds. */
  readonly places: ReadonlySet<string>;
  /** Whether it takes a telling line away and leaves another of the same text in that file as it was. */
  readonly leavesTwin: boolean;
};

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
      leavesTwin: files.some(({ leavesTwin }) => leavesTwin),
    };
    known.set(changes, changed);
  }
  return changed;
}

function changedIn({ path, before, after }: FileChange): {
  readonly places: readonly string[];
  readonly leavesTwin: boolean;
} {
  const { hunks } = structuredPatch(path, path, before ?? "", after ?? "", "", "", { context: 0 });
  const places = hunks.flatMap(({ oldStart, oldLines }) =>
    oldLines === 0
      ? [`${path}:${oldStart}+`]
      : Array.from({ length: oldLines }, (_, line) => `${path}:${oldStart + line}`),
  );
  const marked = (mark: string): readonly string[] =>
    hunks.flatMap(({ lines }) =>
      lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(1).trim()),
    );
  const added = new Set(marked("+"));
  const left = new Set((after ?? "").split("\n").map((line) => line.trim()));
  const leavesTwin = marked("-").some(
    (line) => line.length >= tellingCharacters && !added.has(line) && left.has(line),
  );
  return { places, leavesTwin };
}
