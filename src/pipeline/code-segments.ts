import type { LineRange, Location } from "../domain/location.ts";
import type { Language, Structure } from "../languages/language.ts";
import type { SourceFile } from "./numbered-files.ts";

/** Lines of context around a location (repair.py's default of the released code). */
export const linesAround = 10;
/** A range grows to its whole function when that adds fewer lines than this (preprocess_data.py). */
const extension = 30;

/**
 * The `{content}` of the generation prompt: for each file its suspicious ranges with context and its imports, each as
 * `>>> FILE path ... >>> FILE END`, without line numbers. Files come most suspicious first; whole segments are left
 * out from the end when the text would exceed `budget` characters.
 */
export function codeSegments(
  files: readonly SourceFile[],
  locations: readonly Location[],
  language: Language,
  budget: number,
): string {
  const segments = files.flatMap((file) => {
    const own = locations.filter((location) => location.path === file.path);
    const structure = language.structure(file.text);
    const ranges = own.map((location) => widen(location.range, structure));
    if (own.length === 0) return [];
    return mergeRanges([...structure.imports, ...ranges]).map((range) => segment(file, range));
  });

  const kept: string[] = [];
  let size = 0;
  for (const text of segments) {
    if (size + text.length > budget && kept.length > 0) continue;
    kept.push(text.length > budget ? text.slice(0, budget) : text);
    size += text.length;
  }
  return kept.join("\n").trimEnd();
}

function segment(file: SourceFile, range: LineRange): string {
  const lines = file.text.split("\n").slice(range.first - 1, range.last);
  return `>>> FILE ${file.path}\n${lines.join("\n")}\n>>> FILE END\n`;
}

function widen(range: LineRange, structure: Structure): LineRange {
  const near = {
    first: Math.max(1, range.first - linesAround),
    last: Math.min(structure.lines, range.last + linesAround),
  };
  const around = structure.definitions
    .filter((d) => d.kind === "function" && d.range.first <= range.first && d.range.last >= range.last)
    .map((d) => ({
      first: Math.min(d.range.first, near.first),
      last: Math.max(d.range.last, near.last),
    }))
    .filter((wide) => span(wide) - span(near) < extension)
    .sort((a, b) => span(b) - span(a));
  return around[0] ?? near;
}

const span = (range: LineRange): number => range.last - range.first + 1;

/** Sorted, with overlapping and adjacent ranges joined. */
export function mergeRanges(ranges: readonly LineRange[]): readonly LineRange[] {
  const merged: LineRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.first - b.first)) {
    const last = merged.at(-1);
    if (last === undefined || range.first > last.last + 1) merged.push(range);
    else merged[merged.length - 1] = { first: last.first, last: Math.max(last.last, range.last) };
  }
  return merged;
}
