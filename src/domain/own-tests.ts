import { sha256 } from "./canonical-json.ts";
import type { FileChange } from "./edit.ts";

/** A commit of ours that added tests to a file: hashes of its text around the commit, `before` null for a new file. */
export type TestCommit = {
  readonly path: string;
  readonly before: string | null;
  readonly after: string;
  /** Ids of the tests, which fail without the patch and pass with it. */
  readonly tests: readonly string[];
};

/** A change of a pull request that is nothing but tests that we added. */
export type OwnTests = { readonly change: FileChange; readonly tests: readonly string[] };

export const textHash = (text: string | null): string | null => (text === null ? null : sha256(text));

/**
 * The changes that commits of ours made and nobody else: they lead from the text on the base commit to the text on the head
 * without a gap. What the commits on the branch say of themselves counts for nothing.
 */
export const ownTestsAmong = (
  changes: readonly FileChange[],
  commits: readonly TestCommit[],
): readonly OwnTests[] =>
  changes.flatMap((change) => {
    const ofFile = commits.filter(({ path }) => path === change.path);
    const tests = testsBetween(textHash(change.before), textHash(change.after), ofFile);
    return tests === null ? [] : [{ change, tests }];
  });

/** Null when the commits do not lead from one text to the other. */
function testsBetween(
  from: string | null,
  to: string | null,
  commits: readonly TestCommit[],
): readonly string[] | null {
  if (from === to) return [];
  for (const commit of commits) {
    if (commit.after !== to) continue;
    const others = commits.filter((other) => other !== commit);
    const earlier = testsBetween(from, commit.before, others);
    if (earlier !== null) return [...earlier, ...commit.tests];
  }
  return null;
}
