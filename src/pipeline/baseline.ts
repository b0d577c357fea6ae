import type { Baseline } from "../domain/evidence.ts";
import { baselineOf } from "../domain/test-verdict.ts";
import type { TestPlan } from "../languages/language.ts";
import type { SandboxCommand } from "../ports/sandbox.ts";
import { execute } from "./execute.ts";
import type { StageContext } from "./stage-context.ts";

export type TestBase = { readonly plan: TestPlan | null; readonly baseline: Baseline };

/** The repository's tests near the suspects, run twice on the unpatched tree in two fresh copies. */
export async function measureBaseline(context: StageContext, suspects: readonly string[]): Promise<TestBase> {
  const { command, max_files } = context.settings.tests;
  const plan = await context.language.planTests(context.checkout, { suspects, command, maxFiles: max_files });
  if (plan === null) return { plan, baseline: { kind: "none", reason: "the repository has no tests" } };

  context.progress({ stage: "validate", text: "running the tests on the unpatched tree" });
  const runs = await Promise.all(
    [1, 2].map(async (run) => {
      const [outcome] = await execute(context, {
        label: `baseline/${run}`,
        files: plan.files,
        commands: [testCommand(context, plan)],
      });
      return context.language.readTestReport(outcome ?? { kind: "not-started", reason: "no outcome" });
    }),
  );
  const [first, second] = runs;
  if (first === undefined || second === undefined) throw new RangeError("two baseline runs were asked for");
  return { plan, baseline: baselineOf([first, second], plan.command) };
}

/** The plan's command under the repository's time limit. */
export const testCommand = (context: StageContext, plan: TestPlan): SandboxCommand => ({
  script: plan.script,
  timeoutMs: Math.round(context.settings.tests.timeout_minutes * 60_000),
  report: plan.report,
});
