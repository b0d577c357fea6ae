import type { TestReport } from "../domain/execution.ts";
import type { TestRuns } from "../domain/test-verdict.ts";
import type { CanaryPlan, TestPlan } from "../languages/language.ts";
import type { SandboxFile } from "../ports/sandbox.ts";
import { executeOne } from "./execute.ts";
import type { StageContext } from "./stage-context.ts";

/** What is laid over the fresh tree, and the environment it runs in when that is not the session's. */
export type Patched = { readonly files: readonly SandboxFile[]; readonly environment?: string };

/**
 * The plan's tests in a fresh copy, then the canary's second run in another one: code that ran in the first could put
 * honest files in place for the second. Each under the repository's time limit. A run that crashed needs no second.
 */
export async function runTests(
  context: StageContext,
  plan: TestPlan,
  canary: CanaryPlan | null,
  label: string,
  patched: Patched,
): Promise<TestRuns> {
  const real = await runOne(context, plan, label, patched);
  if (canary === null || real.crashed !== null) return { real, second: null };
  const beside = { ...canary, files: distinct([...plan.files, ...canary.files]) };
  return { real, second: { report: await runOne(context, beside, `${label}/canary`, patched), canary } };
}

type Run = Pick<TestPlan, "script" | "report" | "files">;

async function runOne(
  context: StageContext,
  { script, report, files }: Run,
  label: string,
  patched: Patched,
): Promise<TestReport> {
  const timeoutMs = Math.round(context.settings.tests.timeout_minutes * 60_000);
  const job = {
    ...patched,
    label,
    files: [...patched.files, ...files],
    command: { script, timeoutMs, report },
  };
  return context.language.readTestReport(await executeOne(context, job));
}

/** Both runs may need the same helper file. */
const distinct = (files: readonly SandboxFile[]): readonly SandboxFile[] => [
  ...new Map(files.map((file) => [`${file.place}/${file.path}`, file])).values(),
];
