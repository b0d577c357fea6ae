import type { RepairRun } from "../../domain/run.ts";
import type { UsageMeter } from "../../pipeline/usage-meter.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Branch, Forge } from "../../ports/forge.ts";
import type { Journal } from "../../ports/journal.ts";
import type { RecordStore, RunRecord } from "../../ports/run-record.ts";
import type { RunReports } from "../../ports/run-reports.ts";
import type { Claim, RunStore } from "../../ports/run-store.ts";
import type { LoadedSettings, SettingsInput } from "../load-settings.ts";
import type { ProgressComment } from "../progress-comment.ts";
import type { RepairTools } from "../repair-issue.ts";
import type { CalibrationOf } from "../repository-calibration.ts";
import type { RunControl } from "../run-control.ts";

/** What belongs to one execution of a run. */
export type Execution = {
  readonly claim: Claim;
  readonly forge: Forge;
  readonly comment: ProgressComment;
  readonly usage: UsageMeter;
};

/** What the work of every kind of run is handed. */
export type Task = Execution & {
  /** The commit that this run works on, whatever happens to its branch later and however often the run resumes. */
  readonly base: Branch;
  /** When the run pinned its base, in milliseconds since 1970. */
  readonly startedAt: number;
  /** What holds beside the repository's own settings file. */
  readonly settings: SettingsInput;
  /** Hears of the settings once they are read, before anything is built. */
  readonly onSettings: (settings: LoadedSettings) => void;
  readonly control: RunControl;
};

export type WorkDependencies = {
  readonly runs: Pick<RunStore, "advance" | "noteOpened" | "run">;
  /** Of earlier runs. */
  readonly records: Pick<RecordStore, "runOfPullRequest" | "events" | "text" | "append">;
  readonly journal: (claim: Claim) => Journal;
  readonly record: (claim: Claim) => RunRecord;
  readonly reports: RunReports;
  readonly tools: RepairTools;
  readonly clock: Clock;
  readonly calibrationOf: CalibrationOf;
};

/**
 * One kind of run, from its pinned base to its answer and its end state. Throws RepairError when it cannot be done; who
 * called it then answers.
 */
export type Work = (deps: WorkDependencies, task: Task) => Promise<void>;

/** The end of a run that answers a question: its last word, once the worker has shown that the run is still its own. */
export async function endAnswered(
  deps: { readonly runs: Pick<RunStore, "advance"> },
  { claim, comment, usage, control }: Task,
  text: string,
): Promise<void> {
  control.signal.throwIfAborted();
  await showFence(deps, claim);
  await comment.finish(text);
  await deps.runs.advance(claim, { kind: "ended", state: { at: "checked" } }, usage.tokens());
}

/** Throws `lease-lost` in a worker that lost the run, before anything of it is seen on the forge. */
export const showFence = (
  deps: { readonly runs: Pick<RunStore, "advance"> },
  claim: Claim,
): Promise<RepairRun> => deps.runs.advance(claim, { kind: "entered", stage: "publish" });
