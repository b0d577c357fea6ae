import { asRepairError } from "../../domain/errors.ts";
import type { RepairRun } from "../../domain/run.ts";
import { summarise, type RepairSummary } from "../../report/summary.ts";
import { checkMovedBase } from "../moved-base.ts";
import { publishRun } from "../publish-run.ts";
import { repairIssue } from "../repair-issue.ts";
import { repairInput } from "./repair-input.ts";
import { showFence, type Work, type WorkDependencies } from "./work.ts";

/** `/copatcher fix`, or the label: a patch with its evidence as a pull request, or the reason why there is none. */
export const workRepair: Work = async (deps, task) => {
  const { claim, comment } = task;
  const { run } = claim;
  const { signal } = task.control;
  const { result, settings } = await repairIssue(deps.tools, repairInput(deps, task));
  const moved = result.kind === "declined" ? null : await checkMovedBase(deps, task, result);
  const seconds = Math.round((deps.clock.now() - task.startedAt) / 1000);
  await saveReport(deps, run, summarise(result, seconds));

  signal.throwIfAborted();
  await showFence(deps, claim);
  comment.report({ stage: "publish", text: "publishing" });
  await publishRun(deps, { ...task, result, settings, seconds, moved });
};

/** For people and tools; a full disk must not cost the result. */
async function saveReport(deps: WorkDependencies, run: RepairRun, summary: RepairSummary): Promise<void> {
  const { logger } = deps.tools;
  try {
    const stored = await deps.reports.save(run.id, { run: { id: run.id, issue: run.issue.ref }, ...summary });
    logger.info({ runId: run.id, stored, verdict: summary.verdict }, "run report stored");
  } catch (error) {
    logger.error({ runId: run.id, error: asRepairError(error).message }, "the run's report was not stored");
  }
}
