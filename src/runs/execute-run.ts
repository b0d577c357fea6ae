import { z } from "zod";
import { asRepairError, RepairError } from "../domain/errors.ts";
import type { Limits } from "../domain/limits.ts";
import type { RepairRun } from "../domain/run.ts";
import type { Clock } from "../ports/clock.ts";
import type { Forge, Forges } from "../ports/forge.ts";
import type { Journal } from "../ports/journal.ts";
import type { RecordStore, RunRecord } from "../ports/run-record.ts";
import type { RunReports } from "../ports/run-reports.ts";
import type { Claim, RunStore } from "../ports/run-store.ts";
import { createUsageMeter } from "../pipeline/usage-meter.ts";
import { failureText } from "../report/issue-comment.ts";
import { postponedText } from "../report/waiting.ts";
import { works } from "./kinds.ts";
import { showFence, type Execution } from "./kinds/work.ts";
import { createProgressComment } from "./progress-comment.ts";
import { postponementFor } from "./postpone.ts";
import { reactingToEnds } from "./react-to-ends.ts";
import { recordingEnds } from "./record-ends.ts";
import { recordBuildFailure } from "./record-setup.ts";
import { Interrupted, interruptOf, type RunControl } from "./run-control.ts";
import { limitRunTime, type LimitedControl } from "./run-deadline.ts";
import {
  repositorySettings,
  type LoadedSettings,
  type SettingsFile,
  type SettingsInput,
} from "./load-settings.ts";
import { operatorCaps } from "./settings-caps.ts";
import { ownerSettings } from "./settings-request.ts";
import type { RepairTools } from "./repair-issue.ts";
import type { CalibrationOf } from "./repository-calibration.ts";
import { writeGuard } from "./write-guard.ts";

export type ExecuteDependencies = {
  readonly runs: RunStore;
  readonly journal: (claim: Claim, signal?: AbortSignal) => Journal;
  readonly record: (claim: Claim) => RunRecord;
  /** Of earlier runs. */
  readonly records: Pick<RecordStore, "runOfPullRequest" | "events" | "text" | "append">;
  readonly forges: Forges;
  readonly reports: RunReports;
  readonly tools: RepairTools;
  readonly clock: Clock;
  readonly calibrationOf: CalibrationOf;
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
  const control = limitRunTime(all.clock, outer, { minutes: all.runMinutes, startedAt });
  const { signal } = control;
  const journal = all.journal(claim, signal);
  const runs = recordingEnds(all.runs, record);
  const deps = { ...all, runs, record: () => record, journal: () => journal };
  const mayWrite = writeGuard(deps, claim, signal);
  const forge = deps.forges.forInstallation(run.installation, { mayWrite, signal });
  const comment = createProgressComment(forge, claim, { ...deps, signal });
  const usage = createUsageMeter();
  outer.meter?.(usage.tokens);
  const execution = { claim, forge, usage, comment };
  try {
    requireProgress(claim);
    control.signal.throwIfAborted();
    await work({ ...deps, runs: reactingToEnds(runs, forge, deps.tools.logger) }, execution, control);
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

function unlessLeaseLost(error: unknown): void {
  if (asRepairError(error).code !== "lease-lost") throw error;
}

async function work(deps: ExecuteDependencies, execution: Execution, control: LimitedControl): Promise<void> {
  const { claim, forge, comment } = execution;
  const { run } = claim;
  const journal = deps.journal(claim);
  const { startedAt, ...base } = await journal.step("base", {}, Base, () => pinBase(deps.clock, forge, run));
  const settings = await settingsInput(deps, execution);
  const onSettings = ({ settings: read, notes }: LoadedSettings): void => {
    comment.remark(notes);
    control.tighten(read.limits.minutes ?? Infinity);
  };
  await works[run.kind](deps, { ...execution, base, startedAt, settings, onSettings, control });
}

const KeptFile = z.object({ where: z.string(), base64: z.string() }).nullable();

/** What files beside the checkout say is kept with the run: it does not change when the run resumes. */
async function settingsInput(deps: ExecuteDependencies, { claim, forge }: Execution): Promise<SettingsInput> {
  const { repo } = claim.run.issue.ref;
  const kept = async (
    step: string,
    read: () => Promise<SettingsFile | null>,
  ): Promise<SettingsFile | null> => {
    const stored = await deps.journal(claim).step(step, {}, KeptFile, async () => {
      const file = await read();
      return file === null ? null : { where: file.where, base64: Buffer.from(file.bytes).toString("base64") };
    });
    return stored === null ? null : { where: stored.where, bytes: Buffer.from(stored.base64, "base64") };
  };
  const minutes = { run: deps.runMinutes, step: deps.tools.defaults.setup.stepMinutes };
  const owner = await kept("owner-settings", () => ownerSettings(forge, repo));
  const input = { owner, command: {}, caps: operatorCaps(deps.limits, minutes) };
  if (claim.run.base === undefined) return input;
  // whoever may push a branch must not choose the settings with it
  const ofDefaultBranch = () => repositorySettings((path) => forge.file(repo, path));
  return { ...input, repository: await kept("repository-settings", ofDefaultBranch) };
}

/** The commit that this run works on, whatever happens to the branch later and however often the run resumes. */
async function pinBase(clock: Clock, forge: Forge, run: RepairRun): Promise<z.infer<typeof Base>> {
  const { repo } = run.issue.ref;
  const branch =
    run.base === undefined ? await forge.defaultBranch(repo) : await forge.branch(repo, run.base);
  if (branch !== null) return { ...branch, startedAt: clock.now() };
  throw run.base === undefined
    ? new RepairError("repository-empty", "the default branch has no commit")
    : new RepairError("branch-missing", `there is no branch ${run.base}`);
}
