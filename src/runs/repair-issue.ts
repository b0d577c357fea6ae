import { RepairError } from "../domain/errors.ts";
import type { RepairResult } from "../domain/evidence.ts";
import type { Issue } from "../domain/issue.ts";
import type { RepoSettings } from "../domain/settings.ts";
import type { ContextSettings } from "../domain/settings/context.ts";
import { cleanIssueText, problemStatement } from "../domain/untrusted-text.ts";
import type { TimeLeft } from "../pipeline/budget.ts";
import { repair } from "../pipeline/repair.ts";
import type { StageContext } from "../pipeline/stage-context.ts";
import type { UsageMeter } from "../pipeline/usage-meter.ts";
import type { Journal } from "../ports/journal.ts";
import type { ReportProgress } from "../ports/progress.ts";
import type { RunRecord } from "../ports/run-record.ts";
import type { RepoSource, Workspace } from "../ports/workspace.ts";
import type { RunOrigin } from "./environment-scope.ts";
import { talkNotes, type IssueTalk } from "./issue-talk.ts";
import { loadSettings, type LoadedSettings, type SettingsInput } from "./load-settings.ts";
import { withStage, type StageTools } from "./with-stage.ts";

/** The machinery that repairs an issue, wherever the issue came from. */
export type RepairTools = StageTools & { readonly workspace: Workspace };

export type RepairInput = {
  readonly runId: string;
  /** The run whose samples are judged anew. */
  readonly judges?: string;
  readonly issue: Issue;
  /** What the maintainer who asked adds to it. */
  readonly hint?: string;
  /** Reads what people said on the issue; left out: nothing was said. */
  readonly talk?: (context: ContextSettings) => Promise<IssueTalk>;
  /** The file or folder that patches keep to. */
  readonly path?: string;
  readonly source: RepoSource;
  /** Left out: nobody pushes to the source. */
  readonly origin?: RunOrigin;
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
  /** Left out: nobody limits its time. */
  readonly timeLeft?: TimeLeft;
};

export type Outcome<T> = { readonly result: T; readonly settings: RepoSettings };

export const repairIssue = (tools: RepairTools, input: RepairInput): Promise<Outcome<RepairResult>> =>
  onRepository(tools, input, repair);

/**
 * Opens what work on an issue needs, works, and closes it again whatever happens. Throws RepairError with the reason when
 * the input cannot be worked on or the machinery breaks.
 */
export async function onRepository<T>(
  tools: RepairTools,
  input: RepairInput,
  work: (context: StageContext) => Promise<T>,
): Promise<Outcome<T>> {
  if (cleanIssueText(input.issue.body) === "") {
    throw new RepairError(
      "issue-empty",
      "the issue's description is empty (hidden comments do not count), so there is nothing to reproduce",
    );
  }
  input.progress({ stage: "checkout", text: "reading the repository" });
  const checkout = await tools.workspace.checkout(input.source, input.ref, input.signal);
  const names = `${input.issue.title}\n${input.issue.body}\n${input.hint ?? ""}`;
  const loaded = await loadSettings(checkout, input.settings, { path: input.path, names });
  const { settings, notes } = loaded;
  const talk = await input.talk?.(settings.context);
  const left = talk === undefined ? [] : talkNotes(talk, settings.context);
  input.onSettings({ ...loaded, notes: [...notes, ...left] });
  const problem = problemStatement(input.issue, { hint: input.hint, comments: talk?.comments ?? [] });
  const result = await withStage(
    tools,
    { ...input, problem, checkout, settings, project: loaded.project },
    work,
  );
  return { result, settings };
}
