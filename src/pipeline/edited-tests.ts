import type { FileChange } from "../domain/edit.ts";
import type { Baseline } from "../domain/evidence.ts";
import type { Language } from "../languages/language.ts";

/**
 * The baseline without the tests of files that the candidate edits, which it may do only when the issue names them: they
 * say nothing about the patch. A test belongs to a file when its id holds the file's bare name as a word.
 */
export function outsideEditedTests(
  language: Language,
  baseline: Baseline,
  changes: readonly FileChange[],
): Baseline {
  const names = changes.filter(({ path }) => language.isTest(path)).map(({ path }) => bareName(path));
  if (names.length === 0 || baseline.kind === "none") return baseline;
  const passing = baseline.passing.filter((id) => !words(id).some((word) => names.includes(word)));
  if (passing.length === 0)
    return { kind: "none", reason: "the patch edits the files of all tests that were run" };
  return { ...baseline, passing };
}

const bareName = (path: string): string => (path.split("/").at(-1) ?? "").replace(/\.\w+$/, "");

const words = (id: string): readonly string[] => id.split(/[^\w-]+/);
