import { parsePatch } from "diff";
import { RepairError } from "../../domain/errors.ts";

/** A place of the base file that the true fix changes; it is found when any line of `oneOf` is named. */
export type GoldPlace = { readonly oneOf: readonly number[] };

export type GoldFile = { readonly path: string; readonly places: readonly GoldPlace[] };

export type GoldPlaces = {
  readonly files: readonly GoldFile[];
  /** Files that the fix creates, which nobody could have named, and test files: counted, not asked for. */
  readonly leftOut: { readonly created: number; readonly tests: number };
};

/**
 * What localization should have found: each line that the true fix removes or replaces, and for lines that are only
 * inserted, one of their neighbours. `fix` is a unified diff; throws `evaluation-invalid` for anything else.
 */
export function goldPlaces(fix: string, isTest: (path: string) => boolean): GoldPlaces {
  const changed = filesOf(fix).map(({ oldFileName, hunks }) => ({
    path: oldFileName === "/dev/null" ? null : (oldFileName ?? "").replace(/^a\//, ""),
    places: hunks.flatMap(({ oldStart, lines }) => placesOf(oldStart, lines)),
  }));
  const existing = changed.flatMap(({ path, places }) => (path === null ? [] : [{ path, places }]));
  const files = existing.filter(({ path }) => !isTest(path));
  return {
    files,
    leftOut: { created: changed.length - existing.length, tests: existing.length - files.length },
  };
}

function filesOf(fix: string): ReturnType<typeof parsePatch> {
  const unusable = (detail: string, cause?: unknown): RepairError =>
    new RepairError("evaluation-invalid", `the true fix is no unified diff: ${detail}`, { cause });
  try {
    const files = parsePatch(fix);
    const named = files.every(({ oldFileName }) => oldFileName !== undefined);
    if (files.length === 0 || !named) throw unusable("it names no file");
    return files;
  } catch (error) {
    if (error instanceof RepairError) throw error;
    throw unusable(error instanceof Error ? error.message : String(error), error);
  }
}

/** `start` is the first old line of the hunk, or the line that follows its insertion when it has none. */
function placesOf(start: number, lines: readonly string[]): readonly GoldPlace[] {
  const places: GoldPlace[] = [];
  const withContext = lines.some((line) => line.startsWith(" "));
  let old = start;
  let removed: number[] = [];
  let added = false;
  const close = (next: boolean): void => {
    const neighbours = next ? [old - 1, old] : [old - 1];
    if (removed.length > 0) places.push(...removed.map((line) => ({ oneOf: [line] })));
    else if (added) places.push({ oneOf: neighbours.filter((line) => line > 0) });
    removed = [];
    added = false;
  };
  for (const line of lines) {
    if (line.startsWith("-")) removed.push(old);
    else if (line.startsWith("+")) added = true;
    else if (!line.startsWith("\\")) close(true);
    if (line.startsWith("-") || line.startsWith(" ") || line === "") old += 1;
  }
  close(!withContext);
  return places.filter(({ oneOf }) => oneOf.length > 0);
}
