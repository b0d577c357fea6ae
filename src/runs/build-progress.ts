import type { EnvironmentPlan } from "../domain/environment.ts";
import type { ReportProgress } from "../ports/progress.ts";

const oneLine = (name: string): string => name.replaceAll(/\s+/g, " ");

/**
 * Turns a build's log into progress: a line that ends with the next step's name starts that step. Nothing else of the
 * log, which is untrusted, is shown.
 */
export function createBuildProgress(plan: EnvironmentPlan, progress: ReportProgress): (text: string) => void {
  let line = "";
  let next = 0;
  const total = plan.steps.length;
  progress({ stage: "environment", text: `building the environment from ${plan.source}` });
  return (text) => {
    const lines = (line + text).split(/\r?\n/);
    line = (lines.pop() ?? "").slice(-1_000);
    for (const one of lines) {
      const step = plan.steps[next];
      if (step === undefined || !one.endsWith(oneLine(step.name))) continue;
      progress({ stage: "environment", text: `building the environment: ${step.name}`, done: next, total });
      next += 1;
    }
  };
}
