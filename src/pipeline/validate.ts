import type { Candidate } from "../domain/candidate.ts";
import type { FileChange } from "../domain/edit.ts";
import type { Poc } from "../domain/poc.ts";
import type { PocResult, TestVerdict, Verdict } from "../domain/verdict.ts";
import type { SandboxFile } from "../ports/sandbox.ts";
import type { TestBase } from "./baseline.ts";
import { notRun } from "./execute.ts";
import { judgePoc } from "./judge-fix.ts";
import { confirmTests, isClean, judgeTests, type Subject, type TestedOnce } from "./judge-tests.ts";
import { runPocsPatiently } from "./run-pocs.ts";
import type { Patched } from "./run-tests.ts";
import type { StageContext } from "./stage-context.ts";

/** What candidates are judged by; both come while candidates are written. */
export type Measures = {
  /** The confirmed ones. */
  readonly pocs: Promise<readonly Poc[]>;
  readonly tests: Promise<TestBase>;
};

/** A verdict so far, and what a second run of the tests needs; null when there was no first. */
export type Checked = {
  readonly verdict: Verdict;
  readonly tested: { readonly subject: Subject; readonly once: TestedOnce } | null;
};

/**
 * A candidate in a fresh copy of the base commit: each confirmed PoC, then the repository's tests, then the verdicts. PoCs
 * first: they are cheap, and a candidate that fixes none of them needs no test run.
 */
export async function validate(
  context: StageContext,
  candidate: Candidate,
  measures: Measures,
): Promise<Checked> {
  const checked = (results: readonly PocResult[], verdict: TestVerdict): Verdict => ({
    candidate: candidate.id,
    pocs: results,
    tests: verdict,
  });
  const pocs = await measures.pocs;
  const { id, changes } = candidate;
  const place = await context.environments.placeFor(changes);
  if (place.kind === "unable") {
    const { reason } = place;
    const unclear = pocs.map((poc) => nothingShown(poc, reason));
    return { verdict: checked(unclear, { kind: "not-run", because: "cannot-run", reason }), tested: null };
  }

  const patched: Patched = {
    files: patchedFiles(changes),
    ...(place.kind === "layer" ? { environment: place.reference } : {}),
  };
  const scripts = pocs.map((poc) => ({ name: poc.id, source: poc.source }));
  const ended = await runPocsPatiently(context, `candidate/${id}/pocs`, scripts, patched);
  const results = await Promise.all(
    pocs.map((poc, i) => judgePoc(context, poc, ended[i] ?? { outcome: notRun, end: null })),
  );
  const hopeless = results.length > 0 && results.every((poc) => poc.result !== "fixed");
  const reason = "no script says that the candidate fixes the issue";
  if (hopeless) {
    return {
      verdict: checked(results, { kind: "not-run", because: "fails-every-poc", reason }),
      tested: null,
    };
  }
  const subject = { id, changes, patched };
  const once = await judgeTests(context, await measures.tests, subject);
  return { verdict: checked(results, once.verdict), tested: { subject, once } };
}

const nothingShown = (poc: Poc, reason: string): PocResult => ({
  poc: poc.id,
  result: "inconclusive",
  judgedBy: "rule",
  outcome: { kind: "not-started", reason },
  reason,
});

/**
 * The second run costs as much as the first, so it is made only for the candidate that would be chosen, and for the next
 * one when that one fails it.
 */
export async function confirm(
  context: StageContext,
  { verdict, tested }: Checked,
  measures: Measures,
): Promise<TestVerdict> {
  if (tested === null) return verdict.tests;
  return confirmTests(context, await measures.tests, tested.subject, tested.once);
}

export const needsSecondRun = ({ verdict, tested }: Checked): boolean =>
  tested !== null && isClean(verdict.tests);

const patchedFiles = (changes: readonly FileChange[]): readonly SandboxFile[] =>
  changes.map((change) => ({ place: "tree", path: change.path, content: change.after }));
