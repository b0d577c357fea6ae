import type { Baseline } from "../domain/evidence.ts";
import type { TestReport } from "../domain/execution.ts";
import { baselineOf } from "../domain/test-verdict.ts";
import type { TestPlan } from "../languages/language.ts";
import type { SandboxFile } from "../ports/sandbox.ts";
import { executeOne } from "./execute.ts";
import type { StageContext } from "./stage-context.ts";

export type TestBase = { readonly plan: TestPlan | null; readonly baseline: Baseline };

/** The repository's tests near the suspects, run twice on the unpatched tree in two fresh copies. */
export async function measureBaseline(context: StageContext, suspects: readonly string[]): Promise<TestBase> {
  const { command, max_files } = context.settings.tests;
  const plan = await context.language.planTests(context.checkout, { suspects, command, maxFiles: max_files });
  if (plan === null) return { plan, baseline: { kind: "none", reason: "the repository has no tests" } };

  context.progress({ stage: "validate", text: "running the tests on the unpatched tree" });
  const [first, second] = await Promise.all([
    runTestPlan(context, plan, "baseline/1", []),
    runTestPlan(context, plan, "baseline/2", []),
  ]);
  return { plan, baseline: baselineOf([first, second], plan.command) };
}

/** The plan's tests in a fresh copy with `patched` laid over it, under the repository's time limit. */
export async function runTestPlan(
  context: StageContext,
  plan: TestPlan,
  label: string,
  patched: readonly SandboxFile[],
): Promise<TestReport> {
  const outcome = await executeOne(context, {
    label,
    files: [...patched, ...plan.files],
    command: {
      script: plan.script,
      timeoutMs: Math.round(context.settings.tests.timeout_minutes * 60_000),
      report: plan.report,
    },
  });
  return context.language.readTestReport(outcome);
}
