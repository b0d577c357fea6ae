import { unquoted } from "./repo-path.ts";

/** What one line of an answer means to the edit parser. */
export type Mark =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "end-file" }
  | { readonly kind: "heading"; readonly text: string }
  | { readonly kind: "search"; readonly width: number }
  | { readonly kind: "replace" }
  /** `<<<<<<< HEAD`: how an edit begins in other formats, or a line of a file. */
  | { readonly kind: "foreign" };

const longestMark = 5000;

function runLength(text: string, mark: string): number {
  let length = 0;
  while (text[length] === mark) length++;
  return length;
}

/** `<<< MODIFIED FILE: path >>>` and `<<< END MODIFIED FILE >>>`, with any number of marks and around any quotes. */
function fileMark(text: string): Mark | null {
  const inner = text.slice(runLength(text, "<")).trim();
  if (/^END MODIFIED FILE/i.test(inner)) return { kind: "end-file" };
  if (!/^MODIFIED FILE\s{0,3}:/i.test(inner)) return null;
  const rest = inner.slice(inner.indexOf(":") + 1).trimEnd();
  let end = rest.length;
  while (end > 0 && rest[end - 1] === ">") end--;
  return { kind: "file", path: unquoted(rest.slice(0, end)) };
}

/** Whether a line of opening brackets begins an edit of another format; `rest` is what follows them. */
const beginsForeign = (width: number, rest: string): boolean =>
  width >= 5 && width <= 9 && /^ ?[\p{L}\p{N}]/u.test(rest) && !/^ ?END\b/i.test(rest);

/** SEARCH and REPLACE marks have 5 to 9 angle brackets: the paper's own listing uses six, its code seven. */
export function markOf(line: string): Mark | null {
  const text = line.trim();
  if (text.length > longestMark) return null;
  const opening = runLength(text, "<");
  if (opening >= 5 && opening <= 9 && text.slice(opening).trim().toUpperCase() === "SEARCH") {
    return { kind: "search", width: opening };
  }
  const closing = runLength(text, ">");
  if (closing >= 5 && closing <= 9 && text.slice(closing).trim().toUpperCase() === "REPLACE") {
    return { kind: "replace" };
  }
  if (opening >= 3) {
    return fileMark(text) ?? (beginsForeign(opening, text.slice(opening)) ? { kind: "foreign" } : null);
  }
  const hashes = runLength(text, "#");
  if (hashes >= 1 && hashes <= 6 && text[hashes] === " ") {
    const heading = unquoted(text.slice(hashes).replace(/#+$/, ""));
    return { kind: "heading", text: unquoted(heading.replace(/^file\s{0,3}:/i, "")) };
  }
  return null;
}

export const isDivider = (line: string): boolean => /^={5,9}$/.test(line.trim());

/**
 * The index of the line that separates SEARCH from REPLACE, null when no line or no single line can be it.
 * Headings of reStructuredText look the same; then the line as wide as the SEARCH mark counts, else the middle one
 * of an odd number (a heading that both sides repeat).
 */
export function dividerOf(block: readonly string[], width: number): number | null {
  const all = block.flatMap((line, index) => (isDivider(line) ? [index] : []));
  const sameWidth = all.filter((index) => block[index]?.trim().length === width);
  for (const places of [all, sameWidth]) {
    if (places.length === 1) return places[0] ?? null;
  }
  const places = sameWidth.length > 0 ? sameWidth : all;
  return places.length % 2 === 1 ? (places[(places.length - 1) / 2] ?? null) : null;
}
