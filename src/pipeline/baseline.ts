import type { Baseline } from "../domain/evidence.ts";
import { baselineOf, disturbance } from "../domain/test-verdict.ts";
import { withoutCanary } from "../domain/two-runs.ts";
import type { CanaryPlan, TestPlan } from "../languages/language.ts";
import { canaryRun, runTests, type TestRun } from "./run-tests.ts";
import { nonceOf } from "./seed.ts";
import type { StageContext } from "./stage-context.ts";

export type TestBase = {
  readonly plan: TestPlan | null;
  /** Null when none is to be had, or when it does not behave on the base commit; the baseline says why. */
  readonly canary: CanaryPlan | null;
  readonly baseline: Baseline;
};

/**
 * The repository's tests near the suspects, run twice on the unpatched tree in two fresh copies: with the canary where
 * there is one, and twice more without it where it disturbs them.
 */
export async function measureBaseline(context: StageContext, suspects: readonly string[]): Promise<TestBase> {
  const { language, checkout, settings } = context;
  const { command, max_files } = settings.tests;
  const plan = await language.planTests(checkout, { suspects, command, maxFiles: max_files });
  if (plan === null)
    return { plan, canary: null, baseline: { kind: "none", reason: "the repository has no tests" } };

  context.progress({ stage: "validate", text: "running the tests on the unpatched tree" });
  const canary = await language.canary(checkout, plan, nonceOf(context.runId, "canary"));
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
