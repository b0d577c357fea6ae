import type { Environment } from "../domain/environment.ts";
import type { RepoSettings, Profile } from "../domain/settings.ts";
import type { RankingMethod } from "../domain/ranking.ts";
import type { Language } from "../languages/language.ts";
import type { InferenceClient } from "../ports/inference-client.ts";
import type { Journal } from "../ports/journal.ts";
import type { Logger } from "../ports/logger.ts";
import type { ReportProgress } from "../ports/progress.ts";
import type { PromptBook } from "../ports/prompt-book.ts";
import type { SandboxSession } from "../ports/sandbox.ts";
import type { Checkout } from "../ports/workspace.ts";
import type { UsageMeter } from "./usage-meter.ts";

/** What every stage is handed: the run's inputs, the ports it may use, and its limits. */
export type StageContext = {
  readonly runId: string;
  /** The cleaned problem statement; still untrusted. */
  readonly problem: string;
  readonly checkout: Checkout;
  readonly language: Language;
  readonly inference: InferenceClient;
  readonly sandbox: SandboxSession;
  /** Where the commands run. */
  readonly environment: Environment;
  /** What isolates the executed code, for the evidence. */
  readonly isolation: string;
  readonly journal: Journal;
  readonly prompts: PromptBook;
  readonly profile: Profile;
  /** 0 or 1 critique rounds on distinct candidates. */
  readonly critiqueRounds: number;
  readonly rankingMethod: RankingMethod;
  readonly settings: RepoSettings;
  readonly usage: UsageMeter;
  readonly progress: ReportProgress;
  readonly logger: Logger;
  readonly signal: AbortSignal;
};
