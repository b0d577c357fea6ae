import type { FileChange } from "../domain/edit.ts";
import type { Environment } from "../domain/environment.ts";
import type { OwnTests } from "../domain/own-tests.ts";
import type { RepoSettings, Profile } from "../domain/settings.ts";
import type { RankingMethod } from "../domain/ranking.ts";
import type { Language } from "../languages/language.ts";
import type { InferenceClient } from "../ports/inference-client.ts";
import type { Journal } from "../ports/journal.ts";
import type { Logger } from "../ports/logger.ts";
import type { ReportProgress } from "../ports/progress.ts";
import type { PromptBook } from "../ports/prompt-book.ts";
import type { RunRecord } from "../ports/run-record.ts";
import type { SandboxSession } from "../ports/sandbox.ts";
import type { Checkout } from "../ports/workspace.ts";
import type { Budget } from "./budget.ts";
import type { UsageMeter } from "./usage-meter.ts";

/** Where one candidate runs: the session's own environment, a layer of its own, or nowhere. */
export type CandidatePlace =
  | { readonly kind: "shared" }
  /** For `SandboxJob.environment`; it names this process's layer, so it is no input of a journal step (execute.ts). */
  | { readonly kind: "layer"; readonly reference: string }
  /** The candidate changes what is installed and that cannot be installed offline: none of its commands may run. */
  | { readonly kind: "unable"; readonly reason: string };

/** Environments of candidates that change what the run's environment was built from. */
export interface CandidateEnvironments {
  /**
   * Where a candidate with these changes runs. A layer is built once per distinct changes, at the first call, and is
   * removed when the run ends. Throws RepairError only when the machinery breaks or the run is cancelled.
   */
  placeFor(changes: readonly FileChange[]): Promise<CandidatePlace>;
}

/** How the run's work is ordered; none of it changes which candidate wins. */
export type Schedule = {
  /** Calls off what is left once nobody can overtake the leader. */
  readonly earlyStop: boolean;
};

export const defaultSchedule: Schedule = { earlyStop: true };

/** What every stage is handed: the run's inputs, the ports it may use, and its limits. */
export type StageContext = {
  readonly runId: string;
  /** The run whose samples are asked for: another one's when this run judges them anew. */
  readonly seedRun: string;
  /** The file or folder that patches keep to; null: the whole repository. */
  readonly within: string | null;
  /** The cleaned problem statement; still untrusted. */
  readonly problem: string;
  readonly checkout: Checkout;
  readonly language: Language;
  /** Changes of the pull request under work that are nothing but tests of ours; left out: there are none. */
  readonly ownTests?: readonly OwnTests[];
  readonly inference: InferenceClient;
  readonly sandbox: SandboxSession;
  /** Where the commands run. */
  readonly environment: Environment;
  readonly environments: CandidateEnvironments;
  /** What isolates the executed code, for the evidence. */
  readonly isolation: string;
  readonly journal: Journal;
  readonly record: RunRecord;
  readonly prompts: PromptBook;
  readonly profile: Profile;
  /** 0 or 1 critique rounds on distinct candidates. */
  readonly critiqueRounds: number;
  readonly rankingMethod: RankingMethod;
  /** How often, while no candidate passes, the models are shown what failed. */
  readonly feedbackTurns: number;
  readonly schedule: Schedule;
  readonly settings: RepoSettings;
  readonly usage: UsageMeter;
  readonly budget: Budget;
  readonly progress: ReportProgress;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Which of the run's waiting executions is next (see SandboxJob); left out: this stage's. */
  readonly turn?: () => number;
  /** Until it aborts nobody needs this stage's executions yet (see SandboxJob); left out: they are needed. */
  readonly spareUntil?: AbortSignal;
  /**
   * Asks for the best so far: no more samples are written, and those there are judged as ever. The reason says why.
   */
  readonly stop: AbortSignal;
};
