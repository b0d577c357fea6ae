import type { FileChange } from "../domain/edit.ts";
import type { Baseline } from "../domain/evidence.ts";
import type { ExecutionOutcome, TestReport } from "../domain/execution.ts";
import { compareWithBaseline, withoutFlaky } from "../domain/test-verdict.ts";
import type { TestVerdict } from "../domain/verdict.ts";
import { ahead, type Ahead } from "./ahead.ts";
import type { TestBase, TestRuns } from "./baseline.ts";
import type { CanaryPlan, TestPlan } from "../languages/language.ts";
import { outsideEditedTests } from "./edited-tests.ts";
import { canaryRun, runTests, type Patched, type TestRun } from "./run-tests.ts";
import type { StageContext } from "./stage-context.ts";

/** A candidate as its tests see it. */
export type Subject = {
  readonly id: string;
  readonly changes: readonly FileChange[];
  readonly patched: Patched;
};

/** What a candidate's tests say, and the run that a second one must agree with; null when there is none to check. */
export type TestedOnce = {
  readonly verdict: TestVerdict;
  readonly first: {
    readonly report: TestReport;
    readonly outcome: ExecutionOutcome;
    readonly label: string;
  } | null;
};

/** Both runs of a candidate's tests, begun ahead; the second after the first ones of candidates with as many votes. */
export type TestsAhead = { readonly first: Ahead; readonly second: Ahead };

export function beginTests(context: StageContext, planned: Promise<TestRuns>, subject: Subject): TestsAhead {
  const { turn = () => 0 } = context;
  const behind = (places: number): StageContext => ({ ...context, turn: () => turn() - places });
  return {
    first: ahead(behind(0.25), async (early) => {
      const { plan, canary } = await planned;
      if (plan === null) return;
      await runTests(early, firstRun(plan, canary), labelOf(subject, firstLabel), subject.patched);
    }),
    second: ahead(behind(0.5), async (early) => {
      const { canary } = await planned;
      if (canary === null) return;
      const label = labelOf(subject, secondLabel(firstLabel));
      await runTests(early, canaryRun(canary, "second"), label, subject.patched);
    }),
  };
}

/** The tests with the patch, in one run that was repeated where it is suspicious. */
export async function judgeTests(
  context: StageContext,
  base: TestBase,
  subject: Subject,
): Promise<TestedOnce> {
  const { plan, canary } = base;
  const baseline = baselineFor(context, base, subject);
  if (plan === null || baseline.kind === "none") {
    return { verdict: untested(base.baseline, baseline), first: null };
  }
  const check = async (label: string): Promise<TestedOnce> => {
    const run = firstRun(plan, canary);
    const { report, outcome } = await runTests(context, run, labelOf(subject, label), subject.patched);
    return {
      verdict: compareWithBaseline(baseline, { first: report, second: null, canary }),
      first: { report, outcome, label },
    };
  };
  return repeated(context, await check(firstLabel), (retry) => check(numbered("tests-again", retry)));
}

/** Nothing to compare with: nothing is green on the base commit, or nothing is left of it with the candidate's edits. */
function untested(onBase: Baseline, left: Baseline): TestVerdict {
  const verdict = compareWithBaseline(left, {
    first: { results: [], crashed: null },
    second: null,
    canary: null,
  });
  return verdict.kind === "not-run" && onBase.kind === "ran"
    ? { ...verdict, because: "edits-tests" }
    : verdict;
}

/**
 * The second run, which must agree with the first and in which a test of the canary must fail. Of runs that disagree both
 * are repeated.
 */
export async function confirmTests(
  context: StageContext,
  base: TestBase,
  subject: Subject,
  { verdict, first }: TestedOnce,
): Promise<TestVerdict> {
  const { canary } = base;
  if (canary === null || first === null) return verdict;
  const baseline = baselineFor(context, base, subject);
  const run = async (which: "first" | "second", label: string): Promise<TestReport> =>
    (await runTests(context, canaryRun(canary, which), labelOf(subject, label), subject.patched)).report;
  const compare = (one: TestReport, other: TestReport) => ({
    verdict: compareWithBaseline(baseline, { first: one, second: other, canary }),
  });
  const compared = compare(first.report, await run("second", secondLabel(first.label)));
  if (isClean(compared.verdict)) return verdict;
  const { verdict: confirmed } = await repeated(context, compared, async (retry) => {
    const label = numbered("tests-confirm", retry);
    return compare(...(await Promise.all([run("first", label), run("second", secondLabel(label))])));
  });
  if (verdict.kind !== "ran" || confirmed.kind !== "ran") return confirmed;
  const flaky = new Set([...(verdict.flaky ?? []), ...(confirmed.flaky ?? [])]);
  const earlier = confirmed.earlier ?? verdict.earlier;
  return {
    ...confirmed,
    ...(flaky.size === 0 ? {} : { flaky: [...flaky] }),
    ...(earlier === undefined ? {} : { earlier }),
  };
}

/** A check, made again while what it shows may be chance. */
async function repeated<Check extends { readonly verdict: TestVerdict }>(
  { settings }: StageContext,
  first: Check,
  again: (retry: number) => Promise<Check>,
): Promise<Check> {
  let seen = first;
  for (let retry = 1; retry <= retriesOf(seen.verdict, settings.tests.flaky_retries); retry++) {
    const next = await again(retry);
    seen = { ...next, verdict: withoutFlaky(seen.verdict, next.verdict) };
  }
  return seen;
}

/** Code that fakes its results must not have many tries, and a run that breaks off may take all of its time. */
const retriesOf = (verdict: TestVerdict, most: number): number =>
  isClean(verdict) || verdict.kind === "not-run" ? 0 : verdict.kind === "ran" ? most : Math.min(most, 1);

/** Whether nothing in the run asks for another one. */
export const isClean = (verdict: TestVerdict): boolean =>
  verdict.kind === "ran" && verdict.regressions.length === 0;

export const firstRun = (plan: TestPlan, canary: CanaryPlan | null): TestRun =>
  canary === null ? plan : canaryRun(canary, "first");

const firstLabel = "tests";
const secondLabel = (first: string): string => `${first}/canary`;
const numbered = (label: string, retry: number): string => (retry === 1 ? label : `${label}-${retry}`);

const labelOf = ({ id }: Subject, label: string): string => `candidate/${id}/${label}`;

const baselineFor = (context: StageContext, { baseline, plan }: TestBase, { changes }: Subject) =>
  outsideEditedTests(context.language, baseline, changes, plan?.selected ?? []);
