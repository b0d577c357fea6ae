import type { BuildFailure, EnvironmentPlan, SetupStep } from "../domain/environment.ts";
import { RepairError } from "../domain/errors.ts";
import type { BuildLog } from "./build-log.ts";

/** RepairError `environment-failed` with a BuildFailure as its data. `refusals` says what the network kept out. */
export function setupFailed(
  plan: EnvironmentPlan,
  step: SetupStep["name"],
  status: string,
  log: BuildLog,
  refusals: readonly string[],
): RepairError {
  const blocked = refusals.length === 0 ? "" : ` (${refusals.slice(0, 5).join("; ")})`;
  const failure: BuildFailure = { step, status, tail: log.tail(), logFile: log.file };
  return new RepairError("environment-failed", `${plan.source}: ${step}: ${status}${blocked}`, {
    data: { ...failure },
  });
}

/** What a finished step is called; null when it succeeded. */
export type StepEnd =
  { readonly kind: "exited"; readonly code: number } | { readonly kind: "stopped"; readonly why: string };

/**
 * Runs the plan's steps one after another until one fails, with a line in the log before each. Throws RepairError
 * `environment-failed`.
 */
export async function runSteps(
  plan: EnvironmentPlan,
  log: BuildLog,
  refusals: () => readonly string[],
  runStep: (step: SetupStep) => Promise<StepEnd>,
): Promise<void> {
  for (const [index, step] of plan.steps.entries()) {
    log.note(`step ${index + 1}/${plan.steps.length}: ${step.name.replaceAll(/\s+/g, " ")}`);
    const end = await runStep(step);
    if (end.kind === "exited" && end.code === 0) continue;
    const status = end.kind === "exited" ? `exit ${end.code}` : end.why;
    log.note(status);
    throw setupFailed(plan, step.name, status, log, refusals());
  }
}
