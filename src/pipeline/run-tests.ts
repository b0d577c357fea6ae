import type { FileChange } from "../domain/edit.ts";
import type { ExecutionOutcome, TestReport } from "../domain/execution.ts";
import type { CanaryPlan, TestPlan } from "../languages/language.ts";
import type { SandboxFile } from "../ports/sandbox.ts";
import { executeOne } from "./execute.ts";
import type { StageContext } from "./stage-context.ts";

/** What is laid over the fresh tree, and the environment it runs in when that is not the session's. */
export type Patched = { readonly files: readonly SandboxFile[]; readonly environment?: string };

/** The patch as files of a job. */
export const patchedFiles = (changes: readonly FileChange[]): readonly SandboxFile[] =>
  changes.map((change) => ({ place: "tree", path: change.path, content: change.after }));

/** The plan's tests as they are, or one of the two runs with the canary among them. */
export type TestRun = Pick<TestPlan, "script" | "report" | "files">;

/** One of the canary's runs; they differ in the text of its module only. */
export function canaryRun({ script, report, files, module }: CanaryPlan, which: "first" | "second"): TestRun {
  const content = module[which];
  return { script, report, files: [...files, { place: "tree", path: module.path, content }] };
}

/** One run in a fresh copy of the tree, under the repository's time limit. */
export async function runTests(
  context: StageContext,
  run: TestRun,
  label: string,
  patched: Patched,
): Promise<{ readonly report: TestReport; readonly outcome: ExecutionOutcome }> {
  const { script, report, files } = run;
  const timeoutMs = Math.round(context.settings.tests.timeout_minutes * 60_000);
  const outcome = await executeOne(context, {
    ...patched,
    label,
    files: [...patched.files, ...files],
    command: { script, timeoutMs, report },
  });
  return { report: context.language.readTestReport(outcome), outcome };
}
