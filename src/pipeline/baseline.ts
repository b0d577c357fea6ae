import type { Baseline } from "../domain/evidence.ts";
import { baselineOf } from "../domain/test-verdict.ts";
import type { CanaryPlan, TestPlan } from "../languages/language.ts";
import { runTests } from "./run-tests.ts";
import { nonceOf } from "./seed.ts";
import type { StageContext } from "./stage-context.ts";

export type TestBase = {
  readonly plan: TestPlan | null;
  /** Null when none is to be had, or when it does not behave on the base commit; the baseline says why. */
  readonly canary: CanaryPlan | null;
  readonly baseline: Baseline;
};

/** The repository's tests near the suspects, run twice on the unpatched tree in two fresh copies. */
export async function measureBaseline(context: StageContext, suspects: readonly string[]): Promise<TestBase> {
  const { language, checkout, settings } = context;
  const { command, max_files } = settings.tests;
  const plan = await language.planTests(checkout, { suspects, command, maxFiles: max_files });
  if (plan === null)
    return { plan, canary: null, baseline: { kind: "none", reason: "the repository has no tests" } };

  context.progress({ stage: "validate", text: "running the tests on the unpatched tree" });
  const canary = await language.canary(checkout, plan, nonceOf(context.runId, "canary"));
  const unpatched = { files: [] };
  const [first, second] = await Promise.all([
    runTests(context, plan, canary, "baseline/1", unpatched),
    runTests(context, plan, null, "baseline/2", unpatched),
  ]);
  const baseline = baselineOf([first, second], plan.command, canary === null ? noCanary : null);
  const usable = baseline.kind === "ran" && baseline.withoutCanary === null;
  return { plan, canary: usable ? canary : null, baseline };
}

const noCanary = "the test command cannot be made to run a test of ours beside its own";
