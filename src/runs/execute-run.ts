import { z } from "zod";
import { asRepairError, RepairError } from "../domain/errors.ts";
import type { RepairRun } from "../domain/run.ts";
import type { Clock } from "../ports/clock.ts";
import type { Branch, Forge, Forges } from "../ports/forge.ts";
import type { Journal } from "../ports/journal.ts";
import type { RunReports } from "../ports/run-reports.ts";
import type { Claim, RunStore } from "../ports/run-store.ts";
import { environmentCheckText } from "../report/environment-check.ts";
import { failureText } from "../report/issue-comment.ts";
import { summarise, type RepairSummary } from "../report/summary.ts";
import { checkEnvironment } from "./check-environment.ts";
import { createProgressComment, type ProgressComment } from "./progress-comment.ts";
import { publishRun } from "./publish-run.ts";
import { repairIssue, type RepairTools } from "./repair-issue.ts";

export type ExecuteDependencies = {
  readonly runs: RunStore;
  readonly journal: (claim: Claim) => Journal;
  readonly forges: Forges;
  readonly reports: RunReports;
  readonly tools: RepairTools;
  readonly clock: Clock;
};

const Base = z.object({ name: z.string(), sha: z.string(), startedAt: z.number() });

/**
 * Works one claimed run from checkout to its answer. Every way out is a state of the run and an answer on the issue,
 * except two: a lost lease (someone else answers) and an abort by shutdown (the run goes back to the queue).
 */
export async function executeRun(
  deps: ExecuteDependencies,
  claim: Claim,
  signal: AbortSignal,
): Promise<void> {
  const { run } = claim;
  const forge = deps.forges.forInstallation(run.installation);
  const comment = createProgressComment(forge, run, deps);
  try {
    await work(deps, claim, forge, comment, signal);
  } catch (thrown) {
    await comment.settle();
    await breakOff(deps, claim, comment, asRepairError(thrown), signal).catch(unlessLeaseLost);
  }
}

/** The end of a run that an error or an abort cut off. */
async function breakOff(
  deps: ExecuteDependencies,
  claim: Claim,
  comment: ProgressComment,
  error: RepairError,
  signal: AbortSignal,
): Promise<void> {
  const { run } = claim;
  if (error.code === "lease-lost") return;
  if (signal.aborted) {
    await deps.runs.release(claim);
    const state = (await deps.runs.run(run.id))?.state;
    if (state?.at !== "cancelled") return;
    await comment.finish(failureText(run, new RepairError("cancelled", `cancelled by ${state.by}`)));
    return;
  }
  const { logger } = deps.tools;
  logger.error({ runId: run.id, code: error.code, error: error.message, ...error.data }, "run failed");
  await showFence(deps, claim);
  await comment.finish(failureText(run, error));
  await deps.runs.advance(claim, { at: "failed", code: error.code });
}

/** Throws `lease-lost` in a worker that lost the run, before anything of it is seen on the forge. */
const showFence = (deps: ExecuteDependencies, claim: Claim): Promise<RepairRun> =>
  deps.runs.advance(claim, { at: "running", stage: "publish" });

function unlessLeaseLost(error: unknown): void {
  if (asRepairError(error).code !== "lease-lost") throw error;
}

async function work(
  deps: ExecuteDependencies,
  claim: Claim,
  forge: Forge,
  comment: ProgressComment,
  signal: AbortSignal,
): Promise<void> {
  const { run } = claim;
  const journal = deps.journal(claim);
  const base = await journal.step("base", {}, Base, () => pinBase(deps.clock, forge, run));
  if (run.kind === "environment-check") {
    await workCheck(deps, claim, forge, base, comment, signal);
    return;
  }
  const { result, settings } = await repairIssue(deps.tools, {
    runId: run.id,
    issue: run.issue,
    source: forge.source(run.issue.ref.repo),
    ref: base.sha,
    journal,
    overrides: (settings) => settings,
    progress: comment.report,
    signal,
  });
  const seconds = Math.round((deps.clock.now() - base.startedAt) / 1000);
  await saveReport(deps, run, summarise(result, seconds));

  signal.throwIfAborted();
  await showFence(deps, claim);
  comment.report({ stage: "publish", text: "publishing" });
  await publishRun(deps, { claim, forge, base, result, settings, seconds, comment });
}

/** A check keeps no steps: a built environment is in the builder's cache when the run resumes. */
async function workCheck(
  deps: ExecuteDependencies,
  claim: Claim,
  forge: Forge,
  base: Branch,
  comment: ProgressComment,
  signal: AbortSignal,
): Promise<void> {
  const { run } = claim;
  const check = await checkEnvironment(deps.tools, {
    label: run.id,
    source: forge.source(run.issue.ref.repo),
    ref: base.sha,
    overrides: (settings) => settings,
    progress: comment.report,
    signal,
  });
  signal.throwIfAborted();
  await showFence(deps, claim);
  await comment.finish(environmentCheckText(run.id, check));
  await deps.runs.advance(claim, { at: "checked" });
}

/** For people and tools; a full disk must not cost the result. */
async function saveReport(deps: ExecuteDependencies, run: RepairRun, summary: RepairSummary): Promise<void> {
  const { logger } = deps.tools;
  try {
    const stored = await deps.reports.save(run.id, { run: { id: run.id, issue: run.issue.ref }, ...summary });
    logger.info({ runId: run.id, stored, verdict: summary.verdict }, "run report stored");
  } catch (error) {
    logger.error({ runId: run.id, error: asRepairError(error).message }, "the run's report was not stored");
  }
}

/** The commit that this run repairs, whatever happens to the branch later and however often the run resumes. */
async function pinBase(clock: Clock, forge: Forge, run: RepairRun): Promise<z.infer<typeof Base>> {
  const branch: Branch | null = await forge.defaultBranch(run.issue.ref.repo);
  if (branch === null) throw new RepairError("repository-empty", "the default branch has no commit");
  return { ...branch, startedAt: clock.now() };
}
