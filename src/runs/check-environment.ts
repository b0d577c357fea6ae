import type { EnvironmentCheck, TestTrial } from "../domain/environment-check.ts";
import { exitStatusId, transcriptOf, type TestResult } from "../domain/execution.ts";
import type { RepoSettings } from "../domain/settings.ts";
import { isInProject } from "../domain/settings/projects.ts";
import { tailOf } from "../domain/visible-text.ts";
import type { Language } from "../languages/language.ts";
import { planTests } from "../pipeline/plan-tests.ts";
import type { ReportProgress } from "../ports/progress.ts";
import type { Checkout, RepoSource, TreeEntry, Workspace } from "../ports/workspace.ts";
import { environmentScope, type RunOrigin } from "./environment-scope.ts";
import { loadSettings, type LoadedSettings, type SettingsInput } from "./load-settings.ts";
import {
  closeEnvironment,
  prepareEnvironment,
  type PrepareDependencies,
  type PreparedEnvironment,
} from "./prepare-environment.ts";
import { requireLanguage } from "./require-language.ts";

export type CheckDependencies = PrepareDependencies & {
  readonly workspace: Workspace;
  readonly languages: readonly Language[];
};

export type CheckInput = {
  /** Names the check in labels and logs. */
  readonly label: string;
  readonly source: RepoSource;
  /** Left out: nobody pushes to the source. */
  readonly origin?: RunOrigin;
  readonly ref: string;
  /** A file or folder of the project whose environment it is; left out: that of the whole repository. */
  readonly path?: string;
  /** What holds beside the repository's own settings file. */
  readonly settings: SettingsInput;
  /** Hears of the settings once they are read, before anything is built. */
  readonly onSettings: (settings: LoadedSettings) => void;
  readonly progress: ReportProgress;
  readonly signal: AbortSignal;
};

/**
 * Builds a commit's environment and tries it without network: the language's programs, then the repository's tests once.
 * Throws RepairError like a repair would before its first stage.
 */
export async function checkEnvironment(
  deps: CheckDependencies,
  input: CheckInput,
): Promise<EnvironmentCheck> {
  const { label, progress, signal } = input;
  progress({ stage: "checkout", text: "reading the repository" });
  const checkout = await deps.workspace.checkout(input.source, input.ref, signal);
  const loaded = await loadSettings(checkout, input.settings, { path: input.path, names: [] });
  const { settings, project } = loaded;
  input.onSettings(loaded);
  const entries = await checkout.entries();
  const language = requireLanguage(entries, deps.languages, project);
  // tests near a project's sources are its tests
  const suspects = project === null ? [] : sourcesOf(entries, project, language);
  const scope = environmentScope(input.source, input.origin ?? null);
  const where = { label, checkout, scope, settings, project, language, progress, signal };
  const prepared = await prepareEnvironment(deps, where);
  try {
    const { plan, built, environment } = prepared;
    const status = built === null ? "not-run" : built.cached ? "cached" : "done";
    return {
      sha: checkout.baseSha,
      source: environment.source,
      language: language.name,
      key: built?.key ?? null,
      cached: built?.cached ?? false,
      seconds: built?.seconds ?? 0,
      steps: plan.steps.map(({ name }) => ({ name, status })),
      logFile: built?.logFile ?? null,
      sandbox: prepared.isolation,
      unable: environment.unable,
      tests: await tryTests(prepared, { checkout, settings, suspects, language, progress, signal }),
    };
  } finally {
    await closeEnvironment(prepared, label, deps.logger);
  }
}

/** More say nothing more of where its tests are. */
const mostSuspects = 100;

const sourcesOf = (entries: readonly TreeEntry[], project: string, language: Language): readonly string[] =>
  entries
    .map(({ path }) => path)
    .filter((path) => isInProject({ path: project }, path) && language.isSource(path))
    .slice(0, mostSuspects);

type Trial = {
  readonly checkout: Checkout;
  readonly settings: RepoSettings;
  readonly suspects: readonly string[];
  readonly language: Language;
  readonly progress: ReportProgress;
  readonly signal: AbortSignal;
};

/** Characters of what the tests printed; enough to see why they do not run. */
const maxOutput = 20_000;

async function tryTests(prepared: PreparedEnvironment, trial: Trial): Promise<TestTrial> {
  const { environment, session } = prepared;
  const { checkout, settings, suspects, language, progress, signal } = trial;
  if (environment.unable !== null) return { kind: "none", reason: environment.unable };
  const plan = await planTests({ language, checkout, settings }, suspects);
  if (plan === null) return { kind: "none", reason: "the repository has no tests" };

  progress({ stage: "validate", text: "running the tests once, without network" });
  const script = environment.activate + plan.script;
  const timeoutMs = Math.round(settings.tests.timeout_minutes * 60_000);
  const [outcome] = await session.run(
    { label: "environment/tests", files: plan.files, commands: [{ script, timeoutMs, report: plan.report }] },
    signal,
  );
  if (outcome === undefined) return { kind: "none", reason: "the sandbox returned no outcome" };
  const { results, crashed } = language.readTestReport(outcome);
  const count = (status: TestResult["status"]): number =>
    results.filter((result) => result.status === status).length;
  return {
    kind: "ran",
    command: plan.command,
    passed: count("passed"),
    failed: count("failed"),
    errored: count("errored"),
    skipped: count("skipped"),
    crashed,
    ended: outcome.kind,
    onlyExitStatus: results.length === 1 && results[0]?.id === exitStatusId,
    output: outcome.kind === "not-started" ? "" : tailOf(transcriptOf(outcome), maxOutput),
    seconds: outcome.kind === "not-started" ? 0 : Math.round(outcome.durationMs / 100) / 10,
  };
}
