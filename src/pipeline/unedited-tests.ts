import type { FileChange } from "../domain/edit.ts";
import type { TestVerdict } from "../domain/verdict.ts";
import type { TestBase } from "./baseline.ts";
import { firstRun, type TestedOnce } from "./judge-tests.ts";
import { neverPassing } from "./never-passing.ts";
import { patchedFiles } from "./run-tests.ts";
import type { StageContext } from "./stage-context.ts";

/** A candidate, and the environment it runs in when that is not the session's. */
export type EditingSubject = {
  readonly id: string;
  readonly changes: readonly FileChange[];
  readonly environment?: string;
};

/**
 * The verdict with what the tests say when the test files that the candidate edits (helpers of tests among them) stay as they
 * are on the base commit. Those that pass in none of the runs may be what the issue asks to change, or what the edit hides;
 * that is for a person. It can only lower what the tests said before, so no second run checks it.
 */
export async function judgeUneditedTests(
  context: StageContext,
  { plan, canary, baseline }: TestBase,
  { id, changes, environment }: EditingSubject,
  once: TestedOnce,
): Promise<TestedOnce> {
  const { language } = context;
  const { verdict } = once;
  if (plan === null || baseline.kind === "none" || !isOpen(verdict)) return once;
  const edits = changes.some(({ path, before }) => before !== null && language.isTest(path));
  const doubtful = edits ? baseline.passing : [];
  const files = patchedFiles(changes.filter(({ path }) => !language.isTest(path)));
  const patched = { files, ...(environment === undefined ? {} : { environment }) };
  const run = firstRun(plan, canary);
  const altered = await neverPassing(context, run, `candidate/${id}/tests-unedited`, patched, doubtful);
  return altered.length === 0 ? once : { ...once, verdict: { ...verdict, altered } };
}

/** Nothing else speaks against the candidate. */
const isOpen = (
  verdict: TestVerdict,
): verdict is Extract<TestVerdict, { kind: "ran" } | { kind: "not-run" }> =>
  verdict.kind === "ran"
    ? verdict.regressions.length === 0
    : verdict.kind === "not-run" && verdict.because === "edits-tests";
