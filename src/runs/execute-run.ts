import { z } from "zod";
import { asRepairError, RepairError } from "../domain/errors.ts";
import type { Limits } from "../domain/limits.ts";
import type { RepairRun } from "../domain/run.ts";
import type { Clock } from "../ports/clock.ts";
import type { Branch, Forge, Forges } from "../ports/forge.ts";
import type { Journal } from "../ports/journal.ts";
import type { RunRecord } from "../ports/run-record.ts";
import type { RunReports } from "../ports/run-reports.ts";
import type { Claim, RunStore } from "../ports/run-store.ts";
import { environmentCheckText } from "../report/environment-check.ts";
import { createUsageMeter, type UsageMeter } from "../pipeline/usage-meter.ts";
import { failureText } from "../report/issue-comment.ts";
import { postponedText } from "../report/waiting.ts";
import { summarise, type RepairSummary } from "../report/summary.ts";
import { checkEnvironment, type CheckInput } from "./check-environment.ts";
import { createProgressComment, type ProgressComment } from "./progress-comment.ts";
import { postponementFor } from "./postpone.ts";
import { publishRun } from "./publish-run.ts";
import { recordingEnds } from "./record-ends.ts";
import { recordBuildFailure } from "./record-setup.ts";
import { Interrupted, interruptOf, type RunControl } from "./run-control.ts";
import { limitRunTime, type LimitedControl } from "./run-deadline.ts";
import type { LoadedSettings, SettingsInput } from "./load-settings.ts";
import { operatorCaps } from "./settings-caps.ts";
import { ownerSettings } from "./settings-request.ts";
import { repairIssue, type RepairTools } from "./repair-issue.ts";
import { writeGuard } from "./write-guard.ts";

export type ExecuteDependencies = {
  readonly runs: RunStore;
  readonly journal: (claim: Claim) => Journal;
  readonly record: (claim: Claim) => RunRecord;
  readonly forges: Forges;
  readonly reports: RunReports;
  readonly tools: RepairTools;
  readonly clock: Clock;
  /** How long a run may take from its first claim on, in minutes. */
  readonly runMinutes: number;
  /** What the operator allows a repository. */
  readonly limits: Limits;
};

const Base = z.object({ name: z.string(), sha: z.string(), startedAt: z.number() });

/** A run whose process ends this often in a row without a finished step is what ends it. */
const maxCrashes = 10;

/**
 * Works one claimed run from checkout to its answer. Every way out is a state of the run and an answer on the issue,
 * except two: a lost lease (someone else answers) and the end of the process (the run goes back to the queue).
 */
export async function executeRun(all: ExecuteDependencies, claim: Claim, outer: RunControl): Promise<void> {
  const { run, startedAt } = claim;
  const record = all.record(claim);
  const journal = all.journal(claim);
  const runs = recordingEnds(all.runs, record);
  const deps = { ...all, runs, record: () => record, journal: () => journal };
  const control = limitRunTime(deps.clock, outer, { minutes: deps.runMinutes, startedAt });
  const { signal } = control;
  const mayWrite = writeGuard(deps, claim, signal);
  const forge = deps.forges.forInstallation(run.installation, { mayWrite, signal });
  const comment = createProgressComment(forge, claim, { ...deps, signal });
  const execution = { claim, forge, usage: createUsageMeter(), comment };
  try {
    requireProgress(claim);
    control.signal.throwIfAborted();
    await work(deps, execution, control);
  } catch (thrown) {
    await recordBuildFailure(record, asRepairError(thrown));
    await execution.comment.settle();
    // answers that came in the last moment are paid for
    await journal.settled();
    await breakOff(deps, execution, asRepairError(thrown), control.signal).catch(unlessLeaseLost);
  } finally {
    control.end();
    await record.flush();
  }
}

/** What belongs to one execution of a run. */
type Execution = {
  readonly claim: Claim;
  readonly forge: Forge;
  readonly comment: ProgressComment;
  readonly usage: UsageMeter;
};

/** A claim may come with a cancel that nobody carried out, or with the tracks of processes that it ended. */
function requireProgress({ orders, crashes }: Claim): void {
  if (orders.cancel !== null) throw new Interrupted({ kind: "cancelled", ...orders.cancel });
  if (crashes < maxCrashes) return;
  throw new RepairError("run-crashed", `it ended its process ${crashes} times without finishing a step`);
}

/** The end of a run that an error or an abort cut off. */
async function breakOff(
  deps: ExecuteDependencies,
  execution: Execution,
  error: RepairError,
  signal: AbortSignal,
): Promise<void> {
  const { claim } = execution;
  const interrupt = error.cause instanceof Interrupted ? error.cause.interrupt : interruptOf(signal);
  if (error.code === "lease-lost" || interrupt?.kind === "lease-lost") return;
  switch (interrupt?.kind) {
    case "shutdown":
      await deps.runs.release(claim);
      return;
    case "cancelled":
      await endCancelled(deps, execution, interrupt);
      return;
    case "too-long": {
      const limit = `it was not done ${interrupt.minutes} minutes after it began, nor a while later`;
      await endFailed(deps, execution, new RepairError("run-too-long", limit));
      return;
    }
    case undefined:
      if (!(await postpone(deps, execution, error))) await endFailed(deps, execution, error);
  }
}

/** A run whose place another takes is silent: the comment is the other's. */
async function endCancelled(
  deps: ExecuteDependencies,
  { claim, comment, usage }: Execution,
  { by, successor }: { readonly by: string; readonly successor: string | null },
): Promise<void> {
  await showFence(deps, claim);
  if (successor === null) {
    await comment.finish(failureText(claim.run, new RepairError("cancelled", `cancelled by ${by}`)));
  }
  const state = { at: "cancelled", by, ...(successor === null ? {} : { successor }) } as const;
  await deps.runs.advance(claim, { kind: "ended", state }, usage.tokens());
}

/** Whether the run waits for an outage to pass: its finished steps are kept, so waiting costs nothing. */
async function postpone(
  deps: ExecuteDependencies,
  { claim, comment, usage }: Execution,
  error: RepairError,
): Promise<boolean> {
  const postponement = postponementFor(error, claim.postponements, deps.clock.now());
  if (postponement === null) return false;
  deps.tools.logger.warn({ runId: claim.run.id, ...postponement, error: error.message }, "run postponed");
  await showFence(deps, claim);
  await comment.tell(postponedText(claim.run, postponement));
  await deps.runs.advance(claim, { kind: "postponed", postponement }, usage.tokens());
  return true;
}

async function endFailed(
  deps: ExecuteDependencies,
  { claim, comment, usage }: Execution,
  error: RepairError,
): Promise<void> {
  const { run } = claim;
  deps.tools.logger.error(
    { runId: run.id, code: error.code, error: error.message, ...error.data },
    "run failed",
  );
  await showFence(deps, claim);
  await comment.finish(failureText(run, error));
  await deps.runs.advance(
    claim,
    { kind: "ended", state: { at: "failed", code: error.code } },
    usage.tokens(),
  );
}

/** Throws `lease-lost` in a worker that lost the run, before anything of it is seen on the forge. */
const showFence = (deps: ExecuteDependencies, claim: Claim): Promise<RepairRun> =>
  deps.runs.advance(claim, { kind: "entered", stage: "publish" });

function unlessLeaseLost(error: unknown): void {
  if (asRepairError(error).code !== "lease-lost") throw error;
}

async function work(deps: ExecuteDependencies, execution: Execution, control: LimitedControl): Promise<void> {
  const { claim, forge, comment, usage } = execution;
  const { run } = claim;
  const { signal } = control;
  const journal = deps.journal(claim);
  const base = await journal.step("base", {}, Base, () => pinBase(deps.clock, forge, run));
  const input = await settingsInput(deps, execution);
  const onSettings = ({ settings, notes }: LoadedSettings): void => {
    comment.remark(notes);
    control.tighten(settings.limits.minutes ?? Infinity);
  };
  if (run.kind === "environment-check") {
    await workCheck(deps, execution, { base, settings: input, onSettings, signal });
    return;
  }
  const { result, settings } = await repairIssue(deps.tools, {
    runId: run.id,
    issue: run.issue,
    source: forge.source(run.issue.ref.repo),
    ref: base.sha,
    journal,
    record: deps.record(claim),
    settings: input,
    onSettings,
    usage,
    progress: comment.report,
    signal,
    stop: control.stop,
  });
  const seconds = Math.round((deps.clock.now() - base.startedAt) / 1000);
  await saveReport(deps, run, summarise(result, seconds));

  signal.throwIfAborted();
  await showFence(deps, claim);
  comment.report({ stage: "publish", text: "publishing" });
  await publishRun(deps, { ...execution, base, result, settings, seconds });
}

/** A check keeps no steps: a built environment is in the builder's cache when the run resumes. */
async function workCheck(
  deps: ExecuteDependencies,
  { claim, forge, comment }: Execution,
  { base, ...limits }: { readonly base: Branch } & Pick<CheckInput, "settings" | "onSettings" | "signal">,
): Promise<void> {
  const { run } = claim;
  const { signal } = limits;
  const check = await checkEnvironment(deps.tools, {
    label: run.id,
    source: forge.source(run.issue.ref.repo),
    ref: base.sha,
    progress: comment.report,
    ...limits,
  });
  signal.throwIfAborted();
  await showFence(deps, claim);
  await comment.finish(environmentCheckText(run.id, check));
  await deps.runs.advance(claim, { kind: "ended", state: { at: "checked" } });
}

const OwnerFile = z.object({ where: z.string(), base64: z.string() }).nullable();

/** The owner's file is kept with the run: what it says does not change when the run resumes. */
async function settingsInput(deps: ExecuteDependencies, { claim, forge }: Execution): Promise<SettingsInput> {
  const stored = await deps.journal(claim).step("owner-settings", {}, OwnerFile, async () => {
    const file = await ownerSettings(forge, claim.run.issue.ref.repo);
    return file === null ? null : { where: file.where, base64: Buffer.from(file.bytes).toString("base64") };
  });
  const minutes = { run: deps.runMinutes, step: deps.tools.defaults.setup.stepMinutes };
  return {
    owner: stored === null ? null : { where: stored.where, bytes: Buffer.from(stored.base64, "base64") },
    command: {},
    caps: operatorCaps(deps.limits, minutes),
  };
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
