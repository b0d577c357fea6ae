import type { FileChange } from "../domain/edit.ts";
import type { OwnTests } from "../domain/own-tests.ts";
import type { TestVerdict } from "../domain/verdict.ts";
import type { TestedOnce } from "./judge-tests.ts";
import { neverPassing } from "./never-passing.ts";
import { oneFilePlan } from "./one-file-plan.ts";
import { patchedFiles } from "./run-tests.ts";
import type { StageContext } from "./stage-context.ts";

type SplitChanges = {
  /** What is judged like any patch. */
  readonly changes: readonly FileChange[];
  /** Tests of ours that the candidate leaves as they are. */
  readonly own: readonly OwnTests[];
};

/**
 * A candidate without the tests that we added to its pull request earlier. A line that is added to a test file can change what
 * its other tests say, so those are run as they are on the base commit, and ours beside them.
 */
export function withoutOwnTests(
  { ownTests = [] }: Pick<StageContext, "ownTests">,
  all: readonly FileChange[],
): SplitChanges {
  const laid = new Map(all.map((change) => [change.path, change]));
  const own = ownTests.filter(({ change }) => {
    const now = laid.get(change.path);
    return now?.before === change.before && now.after === change.after;
  });
  const paths = new Set(own.map(({ change }) => change.path));
  return { own, changes: all.filter(({ path }) => !paths.has(path)) };
}

/** A candidate with tests of ours, and the environment it runs in when that is not the session's. */
export type WithOwnTests = {
  readonly id: string;
  readonly all: readonly FileChange[];
  readonly own: readonly OwnTests[];
  readonly environment?: string;
};

/** The verdict with what the tests say that we added: one that fails is broken, like a test of the repository. */
export async function judgeOwnTests(
  context: StageContext,
  subject: WithOwnTests,
  once: TestedOnce,
): Promise<TestedOnce> {
  const { verdict } = once;
  const nothingElse = verdict.kind === "not-run" && ["no-baseline", "edits-tests"].includes(verdict.because);
  if (subject.own.length === 0 || (verdict.kind !== "ran" && !nothingElse)) return once;
  const runs = await Promise.all(
    subject.own.map((one, nth) => runOwn(context, subject, one, `tests-added/${nth + 1}`)),
  );
  const failing = runs.flatMap((run) => run.failing);
  if (failing.length > 0) {
    const seen = verdict.kind === "ran" ? verdict : ({ kind: "ran", passed: 0, regressions: [] } as const);
    return { ...once, verdict: { ...seen, regressions: [...seen.regressions, ...failing] } };
  }
  const added = runs.flatMap(({ passing }) => passing);
  return verdict.kind !== "ran" || added.length === 0 ? once : { ...once, verdict: { ...verdict, added } };
}

/** The second run is of the repository's tests alone, without those of files that the candidate edits. */
export function keepingRest(before: TestVerdict, now: TestVerdict): TestVerdict {
  if (before.kind !== "ran" || now.kind !== "ran") return now;
  const { added, altered } = before;
  return { ...now, ...(added === undefined ? {} : { added }), ...(altered === undefined ? {} : { altered }) };
}

/** Failing are those that pass in none of the runs. Both are empty where the file cannot be run alone any more. */
async function runOwn(
  context: StageContext,
  { id, all, environment }: WithOwnTests,
  { change, tests }: OwnTests,
  name: string,
): Promise<{ readonly passing: readonly string[]; readonly failing: readonly string[] }> {
  const plan = await oneFilePlan(context, all, change.path);
  if (plan === null) return { passing: [], failing: [] };
  const patched = { files: patchedFiles(all), ...(environment === undefined ? {} : { environment }) };
  const label = `candidate/${id}/${name}`;
  const failing = await neverPassing(context, plan, label, patched, tests);
  return { passing: tests.filter((test) => !failing.includes(test)), failing };
}
