import type { FileChange } from "../domain/edit.ts";
import type { Flag } from "../domain/evidence.ts";
import { addedLines } from "../domain/patch.ts";
import type { Language } from "../languages/language.ts";

/** Characters of a line that are matched and shown; a longer one is no line that people write. */
const longest = 2_000;

/**
 * Lines of a patch that a reviewer should look at: what could fake test results in files that are no tests, and test files
 * that it edits because the issue names them.
 */
export function findFlags(language: Language, changes: readonly FileChange[]): readonly Flag[] {
  return changes.flatMap((change): readonly Flag[] => {
    if (language.isTest(change.path)) {
      const meaning = "edits a test that the issue names; that file's tests are no evidence for this patch";
      return [{ path: change.path, line: null, text: "", meaning }];
    }
    return addedLines(change).flatMap(({ line, text }) => {
      const shown = text.slice(0, longest);
      const meanings = language.alarms
        .filter((alarm) => alarm.pattern.test(shown))
        .map((alarm) => alarm.meaning);
      return meanings.length === 0
        ? []
        : [{ path: change.path, line, text: shown.trim(), meaning: meanings.join("; ") }];
    });
  });
}
