import type { FileChange } from "../domain/edit.ts";
import type { Baseline } from "../domain/evidence.ts";
import type { Language } from "../languages/language.ts";

/**
 * The baseline without the tests of files that the candidate edits, which it may do only when the issue names them: they
 * say nothing about the patch. `selected` are the test files that were run, none when it was the whole suite.
 */
export function outsideEditedTests(
  language: Language,
  baseline: Baseline,
  changes: readonly FileChange[],
  selected: readonly string[],
): Baseline {
  if (baseline.kind === "none") return baseline;
  const edited = changes.filter(({ path }) => language.isTest(path));
  const wasRun = ({ path, before }: FileChange): boolean =>
    before !== null && (selected.length === 0 || selected.includes(path));
  const gone = new Set(edited.flatMap((change) => testsOf(change.path, baseline.passing, wasRun(change))));
  if (gone.size === 0) return baseline;
  const passing = baseline.passing.filter((id) => !gone.has(id));
  if (passing.length === 0)
    return { kind: "none", reason: "the patch edits the files of all tests that were run" };
  return { ...baseline, passing };
}

/**
 * Ids that hold the file's bare name. Some runners name only the package (Go) or nothing (jasmine): of a file that was run,
 * its folder's tests then, or, since nobody can tell, all.
 */
function testsOf(path: string, ids: readonly string[], wasRun: boolean): readonly string[] {
  const slash = path.lastIndexOf("/");
  const name = path.slice(slash + 1).replace(/\.\w+$/, "");
  const named = ids.filter((id) => holds(id, name));
  if (named.length > 0 || !wasRun) return named;
  const inFolder = slash === -1 ? [] : ids.filter((id) => holds(id, path.slice(0, slash)));
  return inFolder.length > 0 ? inFolder : ids;
}

/** Whether the id holds the name and not only as a part of a longer word. */
const holds = (id: string, name: string): boolean =>
  id.split(name).some((before, at, parts) => {
    const after = parts[at + 1];
    return after !== undefined && !/[\w-]$/.test(before) && !/^[\w-]/.test(after);
  });
