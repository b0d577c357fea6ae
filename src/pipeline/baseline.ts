import type { Baseline } from "../domain/evidence.ts";
import { baselineOf, disturbance } from "../domain/test-verdict.ts";
import { withoutCanary } from "../domain/two-runs.ts";
import type { CanaryPlan, TestPlan } from "../languages/language.ts";
import { planTests } from "./plan-tests.ts";
import { canaryRun, runTests, type TestRun } from "./run-tests.ts";
import { nonceOf } from "./seed.ts";
import type { StageContext } from "./stage-context.ts";

/** How the tests are run. */
export type TestRuns = {
  readonly plan: TestPlan | null;
  /** Null when none is to be had. */
  readonly canary: CanaryPlan | null;
};

/** The same when the base commit has had its runs: without a canary that does not behave there; the baseline says why. */
export type TestBase = TestRuns & { readonly baseline: Baseline };

/** The repository's tests near the suspects. */
export async function planTestRuns(context: StageContext, suspects: readonly string[]): Promise<TestRuns> {
  const { language, checkout, settings } = context;
  const plan = await planTests(context, suspects);
  if (plan === null || settings.tests.targeted !== null) return { plan, canary: null };
  return { plan, canary: await language.canary(checkout, plan, nonceOf(context.runId, "canary")) };
}

/** The repository's tests near the suspects on the base commit. */
export const measureBaseline = async (
  context: StageContext,
  suspects: readonly string[],
): Promise<TestBase> => runBaseline(context, await planTestRuns(context, suspects));

/**
 * The tests twice on the unpatched tree in two fresh copies: with the canary where there is one, and twice more without it
 * where it disturbs them.
 */
export async function runBaseline(context: StageContext, { plan, canary }: TestRuns): Promise<TestBase> {
  if (plan === null)
    return { plan, canary, baseline: { kind: "none", reason: "the repository has no tests" } };

  context.progress({ stage: "validate", text: "running the tests on the unpatched tree" });
  if (canary === null) {
    const [first, second] = await twice(context, "baseline", [plan, plan]);
    return { plan, canary, baseline: baselineOf([first.report, second.report], plan.command, noCanary) };
  }

  const runs = [canaryRun(canary, "first"), canaryRun(canary, "second")] as const;
  const [first, second] = await twice(context, "baseline", runs);
  const disturbed = disturbance(first.report, second.report, canary);
  const own = [withoutCanary(first.report, canary), withoutCanary(second.report, canary)] as const;
  if (disturbed === null) return { plan, canary, baseline: baselineOf(own, plan.command, null) };
  // Tests that take too long do so without the canary as well.
  if ([first, second].some(({ outcome }) => outcome.kind === "timed-out")) {
    return { plan, canary: null, baseline: baselineOf(own, plan.command, disturbed) };
  }
  const [third, fourth] = await twice(context, "baseline-without", [plan, plan]);
  return {
    plan,
    canary: null,
    baseline: baselineOf([third.report, fourth.report], plan.command, disturbed),
  };
}

const twice = (context: StageContext, label: string, [first, second]: readonly [TestRun, TestRun]) =>
  Promise.all([
    runTests(context, first, `${label}/1`, unpatched),
    runTests(context, second, `${label}/2`, unpatched),
  ]);

const unpatched = { files: [] };

const noCanary = "the test command cannot be made to run a test of ours beside its own";
