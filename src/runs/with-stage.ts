import { repoSlug } from "../domain/issue.ts";
import type { RankingMethod } from "../domain/ranking.ts";
import { profileOf, type Profile, type RepoSettings } from "../domain/settings.ts";
import type { Language } from "../languages/language.ts";
import { createBudget, defaultBudget, type TimeLeft } from "../pipeline/budget.ts";
import { defaultFeedbackTurns } from "../pipeline/feedback.ts";
import { defaultSchedule, type Schedule, type StageContext } from "../pipeline/stage-context.ts";
import type { UsageMeter } from "../pipeline/usage-meter.ts";
import type { InferenceClient } from "../ports/inference-client.ts";
import type { Journal } from "../ports/journal.ts";
import type { Logger } from "../ports/logger.ts";
import type { ReportProgress } from "../ports/progress.ts";
import type { PromptBook } from "../ports/prompt-book.ts";
import type { RunRecord } from "../ports/run-record.ts";
import type { Sandbox } from "../ports/sandbox.ts";
import type { Checkout, RepoSource } from "../ports/workspace.ts";
import { environmentScope, type RunOrigin } from "./environment-scope.ts";
import {
  closeEnvironment,
  prepareEnvironment,
  type PreparedEnvironment,
  type RunLimits,
} from "./prepare-environment.ts";
import { recordSetup } from "./record-setup.ts";
import { requireLanguage } from "./require-language.ts";

/** The operator's choices; a repository's settings may narrow them. */
export type StageDefaults = RunLimits & {
  readonly profile: Profile;
  readonly critique: boolean;
  readonly rankingMethod: RankingMethod;
  /** Left out: the usual ones. */
  readonly feedbackTurns?: number;
  readonly schedule?: Schedule;
};

/** The machinery of the method, once there is a commit to work on. */
export type StageTools = {
  readonly sandbox: Sandbox;
  readonly inference: InferenceClient;
  readonly prompts: PromptBook;
  readonly languages: readonly Language[];
  readonly defaults: StageDefaults;
  readonly logger: Logger;
};

export type StageInput = {
  readonly runId: string;
  /** The run whose samples are judged anew. */
  readonly judges?: string;
  /** The file or folder that patches keep to. */
  readonly path?: string;
  /** Pattern of the part of the repository whose language and manifests count; null: all of it. */
  readonly project: string | null;
  /** The cleaned problem statement. */
  readonly problem: string;
  readonly source: RepoSource;
  /** Left out: nobody pushes to the source. */
  readonly origin?: RunOrigin;
  /** The commit that everything is compared with, and whose environment is built. */
  readonly checkout: Checkout;
  readonly settings: RepoSettings;
  readonly journal: Journal;
  readonly record: RunRecord;
  readonly usage: UsageMeter;
  readonly progress: ReportProgress;
  readonly signal: AbortSignal;
  /** Asks for the best so far; the reason says who asked, or why. */
  readonly stop: AbortSignal;
  /** Left out: nobody limits its time. */
  readonly timeLeft?: TimeLeft;
};

/**
 * Opens what the method needs on one commit, works, and closes it again whatever happens. Throws RepairError when the
 * commit cannot be worked on.
 */
export async function withStage<T>(
  tools: StageTools,
  input: StageInput,
  work: (context: StageContext) => Promise<T>,
): Promise<T> {
  const { runId, project, problem, checkout, settings, journal, record, usage, progress, signal, stop } =
    input;
  const { prompts, logger, defaults } = tools;
  const language = requireLanguage(await checkout.entries(), tools.languages, project);
  const scope = environmentScope(input.source, input.origin ?? null);
  const where = { label: runId, checkout, scope, settings, project, language, progress, signal };
  const prepared = await prepareEnvironment(tools, where);
  try {
    const context: StageContext = {
      runId,
      seedRun: input.judges ?? runId,
      within: input.path ?? null,
      problem,
      checkout,
      language,
      inference: modelsOf(tools.inference, input.source),
      sandbox: prepared.session,
      environment: prepared.environment,
      environments: prepared.environments,
      isolation: prepared.isolation,
      journal,
      record,
      prompts,
      profile: profileFor(prepared, profileOf(settings, defaults.profile)),
      critiqueRounds: (settings.critique ?? defaults.critique) ? 1 : 0,
      rankingMethod: defaults.rankingMethod,
      feedbackTurns: defaults.feedbackTurns ?? defaultFeedbackTurns,
      schedule: defaults.schedule ?? defaultSchedule,
      settings,
      usage,
      budget: createBudget(usage, {
        ...defaultBudget,
        outputTokens: settings.limits.tokens ?? defaultBudget.outputTokens,
        ...(input.timeLeft === undefined ? {} : { timeLeft: input.timeLeft }),
      }),
      progress,
      logger,
      signal,
      stop,
    };
    await recordSetup(context, settings, prepared);
    return await work(context);
  } finally {
    await closeEnvironment(prepared, runId, logger);
  }
}

/** A folder has the models of all. */
const modelsOf = (inference: InferenceClient, source: RepoSource): InferenceClient =>
  source.kind === "local" ? inference : (inference.forRepository?.(repoSlug(source.repo)) ?? inference);

/** Where nothing is executed, no script can show anything, so none is asked for. */
const profileFor = ({ environment }: PreparedEnvironment, profile: Profile): Profile =>
  environment.unable === null ? profile : { ...profile, assertingPocs: 0, printingPocs: 0 };
