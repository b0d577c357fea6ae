import { applyPatch, parsePatch } from "diff";
import type { FileChange } from "../../domain/edit.ts";
import type { LineRange } from "../../domain/location.ts";
import type { Definition, Language } from "../../languages/language.ts";
import type { SourceText } from "../../pipeline/source-files.ts";
import { goldPlaces } from "../metrics/gold-places.ts";

/** The functions of one file that the true fix changes. */
export type ChangedFunctions = {
  readonly path: string;
  readonly text: string;
  /** Qualified names, in the order of the file, with the lines that they have in the base commit. */
  readonly functions: ReadonlyArray<{ readonly name: string; readonly range: LineRange }>;
};

/** What has to be written anew, as in benchmarks that say which function is faulty; files without such a one are left out. */
export async function changedFunctions(
  language: Language,
  fix: string,
  read: (path: string) => Promise<SourceText>,
): Promise<readonly ChangedFunctions[]> {
  const { files } = goldPlaces(fix, (path) => language.isTest(path));
  const found = await Promise.all(
    files.map(async ({ path, places }) => {
      const source = await read(path);
      if (!("text" in source) || !language.isSource(path)) return [];
      const lines = places.flatMap(({ oneOf }) => oneOf);
      const functions = outermost(language.structure(source.text).definitions).filter(({ range }) =>
        lines.some((line) => range.first <= line && line <= range.last),
      );
      return functions.length === 0 ? [] : [{ path, text: source.text, functions }];
    }),
  );
  return found.flat();
}

/** The functions as the true fix has them; null where it removes one. */
export function fixedFunctions(
  language: Language,
  changed: readonly ChangedFunctions[],
  fix: string,
): string | null {
  const files = parsePatch(fix);
  return textsOf(language, changed, ({ path, text }) => {
    const file = files.find(({ oldFileName }) => oldFileName?.replace(/^a\//, "") === path);
    const fixed = file === undefined ? false : applyPatch(text, file);
    return fixed === false ? null : fixed;
  });
}

/** The functions as the changes leave them; null where these remove one. */
export const functionsAfter = (
  language: Language,
  changed: readonly ChangedFunctions[],
  changes: readonly FileChange[],
): string | null =>
  textsOf(language, changed, ({ path, text }) => {
    const change = changes.find((one) => one.path === path);
    return change === undefined ? text : change.after;
  });

function textsOf(
  language: Language,
  changed: readonly ChangedFunctions[],
  after: (file: ChangedFunctions) => string | null,
): string | null {
  const texts = changed.map((file) => {
    const text = after(file);
    return text === null ? null : functionTexts(language, file, text);
  });
  return texts.includes(null) ? null : texts.join("\n\n");
}

/** The text of the named functions in a file; null when one of them is not there. */
function functionTexts(language: Language, { functions }: ChangedFunctions, text: string): string | null {
  const lines = text.split("\n");
  const there = outermost(language.structure(text).definitions);
  const found = functions.map(({ name }) => there.find((one) => one.name === name));
  if (found.includes(undefined)) return null;
  return found
    .flatMap((one) => (one === undefined ? [] : [lines.slice(one.range.first - 1, one.range.last)]))
    .map(withoutIndent)
    .join("\n\n");
}

/** As it would stand outside of its class. */
function withoutIndent(lines: readonly string[]): string {
  const [indent = ""] = /^[ \t]*/.exec(lines[0] ?? "") ?? [];
  return lines.map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line)).join("\n");
}

/** A function inside of another one is part of it. */
function outermost(definitions: readonly Definition[]): readonly Definition[] {
  const functions = definitions.filter(({ kind }) => kind === "function");
  return functions.filter(
    (one) =>
      !functions.some(
        (other) =>
          other !== one && other.range.first <= one.range.first && one.range.last <= other.range.last,
      ),
  );
}
