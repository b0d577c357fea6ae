/** Where a SEARCH text occurs, and how its REPLACE lines must be shifted to fit there. */
export type SearchMatch =
  | { readonly kind: "found"; readonly at: number; readonly replace: readonly string[] }
  | { readonly kind: "not-found" | "ambiguous"; readonly detail: string };

/** Blanks to put before each line, or to take away from it. */
type Shift = { readonly add: string; readonly remove: string };

const noShift: Shift = { add: "", remove: "" };
const isBlank = (line: string): boolean => line.trim() === "";

/** The shift that turns one SEARCH line into the file's line, null when they differ in more than leading blanks. */
function shiftBetween(search: string, line: string): Shift | null {
  const [wanted, actual] = [search.trimEnd(), line.trimEnd()];
  if (actual.endsWith(wanted)) {
    const add = actual.slice(0, actual.length - wanted.length);
    return isBlank(add) ? { add, remove: "" } : null;
  }
  if (!wanted.endsWith(actual)) return null;
  const remove = wanted.slice(0, wanted.length - actual.length);
  return isBlank(remove) ? { add: "", remove } : null;
}

/** The one shift of all lines that are not blank, null when there is none or they disagree. */
function uniformShift(search: readonly string[], lines: readonly string[], at: number): Shift | null {
  let shift: Shift | null = null;
  for (const [offset, wanted] of search.entries()) {
    const line = lines[at + offset] ?? "";
    if (isBlank(wanted) || isBlank(line)) {
      if (isBlank(wanted) !== isBlank(line)) return null;
      continue;
    }
    const here = shiftBetween(wanted, line);
    if (here === null) return null;
    if (shift !== null && (shift.add !== here.add || shift.remove !== here.remove)) return null;
    shift = here;
  }
  return shift;
}

function everyLine(
  search: readonly string[],
  lines: readonly string[],
  at: number,
  same: (wanted: string, line: string) => boolean,
): Shift | null {
  return search.every((wanted, offset) => same(wanted, lines[at + offset] ?? "")) ? noShift : null;
}

function shifted(replace: readonly string[], shift: Shift): readonly string[] | null {
  const result: string[] = [];
  for (const line of replace) {
    if (isBlank(line)) result.push(line);
    else if (line.startsWith(shift.remove)) result.push(shift.add + line.slice(shift.remove.length));
    else return null;
  }
  return result;
}

type Level = (search: readonly string[], lines: readonly string[], at: number) => Shift | null;

const levels: readonly Level[] = [
  (search, lines, at) => everyLine(search, lines, at, (wanted, line) => wanted === line),
  (search, lines, at) => everyLine(search, lines, at, (wanted, line) => wanted.trimEnd() === line.trimEnd()),
  uniformShift,
];

/**
 * The one place of `search` in `lines`: exact, else ignoring trailing blanks, else under one indent shift of all
 * lines (which the replacement then gets too). At the first level with a match there must be exactly one.
 */
export function matchSearch(
  lines: readonly string[],
  search: readonly string[],
  replace: readonly string[],
): SearchMatch {
  for (const level of levels) {
    let found: { readonly at: number; readonly shift: Shift } | null = null;
    for (let at = 0; at + search.length <= lines.length; at++) {
      const shift = level(search, lines, at);
      if (shift === null) continue;
      if (found !== null) {
        return { kind: "ambiguous", detail: `it occurs at lines ${found.at + 1} and ${at + 1}` };
      }
      found = { at, shift };
    }
    if (found === null) continue;
    const fitted = shifted(replace, found.shift);
    if (fitted === null) {
      return {
        kind: "not-found",
        detail: `at line ${found.at + 1} its replacement has less indent than the text it must be shifted by`,
      };
    }
    return { kind: "found", at: found.at, replace: fitted };
  }
  return { kind: "not-found", detail: "no place in the file has these lines" };
}
