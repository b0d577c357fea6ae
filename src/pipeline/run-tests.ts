import type { TestReport } from "../domain/execution.ts";
import type { TestRuns } from "../domain/test-verdict.ts";
import type { CanaryPlan, TestPlan } from "../languages/language.ts";
import type { SandboxFile } from "../ports/sandbox.ts";
import { execute, notRun } from "./execute.ts";
import type { StageContext } from "./stage-context.ts";

/** What is laid over the fresh tree, and the environment it runs in when that is not the session's. */
export type Patched = { readonly files: readonly SandboxFile[]; readonly environment?: string };

/**
 * The plan's tests in a fresh copy, then the canary's second run in a process of its own, which lays out the canary only
 * when it starts: the first run cannot know whether it is watched. Each under the repository's time limit.
 */
export async function runTests(
  context: StageContext,
  plan: TestPlan,
  canary: CanaryPlan | null,
  label: string,
  patched: Patched,
): Promise<TestRuns> {
  const timeoutMs = Math.round(context.settings.tests.timeout_minutes * 60_000);
  const commands = [plan, ...(canary === null ? [] : [canary])].map(({ script, report }) => ({
    script,
    timeoutMs,
    report,
  }));
  const outcomes = await execute(context, {
    ...patched,
    label,
    files: [...patched.files, ...distinct([...plan.files, ...(canary?.files ?? [])])],
    commands,
  });
  const read = (index: number): TestReport => context.language.readTestReport(outcomes[index] ?? notRun);
  return { real: read(0), second: canary === null ? null : { report: read(1), canary } };
}

/** Both runs may need the same helper file. */
const distinct = (files: readonly SandboxFile[]): readonly SandboxFile[] => [
  ...new Map(files.map((file) => [`${file.place}/${file.path}`, file])).values(),
];
