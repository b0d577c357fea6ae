import type { FileChange } from "../domain/edit.ts";
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

/** The tests with the patch, in one run that was made once more where it is suspicious. */
export async function judgeTests(
  context: StageContext,
  base: TestBase,
  subject: Subject,
): Promise<TestedOnce> {
  const { plan, canary } = base;
  const baseline = baselineFor(context, base, subject);
  if (plan === null || baseline.kind === "none") {
    const verdict = compareWithBaseline(baseline, {
      first: { results: [], crashed: null },
      second: null,
      canary: null,
    });
    return { verdict, first: null };
  }
  const check = async (label: string) => {
    const run = firstRun(plan, canary);
    const { report, outcome } = await runTests(context, run, labelOf(subject, label), subject.patched);
    return {
      verdict: compareWithBaseline(baseline, { first: report, second: null, canary }),
      first: { report, outcome, label },
    };
  };
  const tested = await check(firstLabel);
  if (isClean(tested.verdict)) return tested;
  const again = await check("tests-again");
  return { verdict: withoutFlaky(tested.verdict, again.verdict), first: again.first };
}

/**
 * The second run, which must agree with the first and in which a test of the canary must fail. Of runs that disagree both
 * are made once more.
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
  const second = await run("second", secondLabel(first.label));
  const compared = compareWithBaseline(baseline, { first: first.report, second, canary });
  if (isClean(compared)) return verdict;
  const label = "tests-confirm";
  const [third, fourth] = await Promise.all([run("first", label), run("second", secondLabel(label))]);
  const again = compareWithBaseline(baseline, { first: third, second: fourth, canary });
  const repeated = withoutFlaky(compared, again);
  const { flaky } = verdict.kind === "ran" ? verdict : {};
  return repeated.kind === "ran" && flaky !== undefined ? { ...repeated, flaky } : repeated;
}

/** Whether nothing in the run asks for another one. */
export const isClean = (verdict: TestVerdict): boolean =>
  verdict.kind === "ran" && verdict.regressions.length === 0;

const firstRun = (plan: TestPlan, canary: CanaryPlan | null): TestRun =>
  canary === null ? plan : canaryRun(canary, "first");

const firstLabel = "tests";
const secondLabel = (first: string): string => `${first}/canary`;

const labelOf = ({ id }: Subject, label: string): string => `candidate/${id}/${label}`;

const baselineFor = (context: StageContext, { baseline, plan }: TestBase, { changes }: Subject) =>
  outsideEditedTests(context.language, baseline, changes, plan?.selected ?? []);
