import { RepairError } from "../domain/errors.ts";
import type { RepairResult } from "../domain/evidence.ts";
import type { Issue } from "../domain/issue.ts";
import type { RankingMethod } from "../domain/ranking.ts";
import { profileOf, type Profile, type RepoSettings } from "../domain/settings.ts";
import { cleanIssueText, problemStatement } from "../domain/untrusted-text.ts";
import type { Language } from "../languages/language.ts";
import { repair } from "../pipeline/repair.ts";
import { createBudget, defaultBudget } from "../pipeline/budget.ts";
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
import type { RepoSource, Workspace } from "../ports/workspace.ts";
import { loadSettings, type LoadedSettings, type SettingsInput } from "./load-settings.ts";
import { recordSetup } from "./record-setup.ts";
import { requireLanguage } from "./require-language.ts";
import {
  closeEnvironment,
  prepareEnvironment,
  type PreparedEnvironment,
  type RunLimits,
} from "./prepare-environment.ts";

/** The operator's choices; a repository's settings may narrow them. */
export type RepairDefaults = RunLimits & {
  readonly profile: Profile;
  readonly critique: boolean;
  readonly rankingMethod: RankingMethod;
  /** Left out: the usual ones. */
  readonly feedbackTurns?: number;
  readonly schedule?: Schedule;
};

/** The machinery that repairs an issue, wherever the issue came from. */
export type RepairTools = {
  readonly workspace: Workspace;
  readonly sandbox: Sandbox;
  readonly inference: InferenceClient;
  readonly prompts: PromptBook;
  readonly languages: readonly Language[];
  readonly defaults: RepairDefaults;
  readonly logger: Logger;
};

export type RepairInput = {
  readonly runId: string;
  readonly issue: Issue;
  readonly source: RepoSource;
  /** Commit, tag or branch to repair. */
  readonly ref: string;
  readonly journal: Journal;
  readonly record: RunRecord;
  /** What holds beside the repository's own settings file. */
  readonly settings: SettingsInput;
  /** Hears of the settings once they are read, before anything is built. */
  readonly onSettings: (settings: LoadedSettings) => void;
  readonly usage: UsageMeter;
  readonly progress: ReportProgress;
  readonly signal: AbortSignal;
  /** Asks for the best so far; the reason says who asked, or why. */
  readonly stop: AbortSignal;
};

export type RepairOutput = { readonly result: RepairResult; readonly settings: RepoSettings };

/**
 * Opens what a repair needs, repairs, and closes it again whatever happens. Throws RepairError with the reason when
 * the input cannot be worked on or the machinery breaks.
 */
export async function repairIssue(tools: RepairTools, input: RepairInput): Promise<RepairOutput> {
  if (cleanIssueText(input.issue.body) === "") {
    throw new RepairError(
      "issue-empty",
      "the issue's description is empty (hidden comments do not count), so there is nothing to reproduce",
    );
  }
  input.progress({ stage: "checkout", text: "reading the repository" });
  const checkout = await tools.workspace.checkout(input.source, input.ref, input.signal);
  const loaded = await loadSettings(checkout, input.settings);
  const { settings } = loaded;
  input.onSettings(loaded);
  const entries = await checkout.entries();
  const language = requireLanguage(entries, tools.languages);
  const { progress, signal, runId } = input;
  const prepared = await prepareEnvironment(tools, {
    label: runId,
    checkout,
    settings,
    language,
    progress,
    signal,
  });
  try {
    const context: StageContext = {
      runId,
      problem: problemStatement(input.issue),
      checkout,
      language,
      inference: tools.inference,
      sandbox: prepared.session,
      environment: prepared.environment,
      environments: prepared.environments,
      isolation: prepared.isolation,
      journal: input.journal,
      record: input.record,
      prompts: tools.prompts,
      profile: profileFor(prepared, profileOf(settings, tools.defaults.profile)),
      critiqueRounds: (settings.critique ?? tools.defaults.critique) ? 1 : 0,
      rankingMethod: tools.defaults.rankingMethod,
      feedbackTurns: tools.defaults.feedbackTurns ?? defaultFeedbackTurns,
      schedule: tools.defaults.schedule ?? defaultSchedule,
      settings,
      usage: input.usage,
      budget: createBudget(input.usage, {
        ...defaultBudget,
        outputTokens: settings.limits.tokens ?? defaultBudget.outputTokens,
      }),
      progress,
      logger: tools.logger,
      signal,
      stop: input.stop,
    };
    await recordSetup(context, settings, prepared);
    return { result: await repair(context), settings };
  } finally {
    await closeEnvironment(prepared, runId, tools.logger);
  }
}

/** Where nothing is executed, no script can show anything, so none is asked for. */
const profileFor = ({ environment }: PreparedEnvironment, profile: Profile): Profile =>
  environment.unable === null ? profile : { ...profile, assertingPocs: 0, printingPocs: 0 };
