import { plainEnvironment, type Environment, type EnvironmentPlan } from "../domain/environment.ts";
import { asRepairError, RepairError } from "../domain/errors.ts";
import { describeOutcome, transcriptOf } from "../domain/execution.ts";
import type { RepoSettings } from "../domain/settings.ts";
import { folderOf } from "../domain/settings/projects.ts";
import { needsBuild, planEnvironment } from "../environment/plan-environment.ts";
import { createStaticSession } from "../environment/static-session.ts";
import type { Language } from "../languages/language.ts";
import type { CandidateEnvironments } from "../pipeline/stage-context.ts";
import type { BuiltEnvironment } from "../ports/environment-builder.ts";
import type { Logger } from "../ports/logger.ts";
import type { ReportProgress } from "../ports/progress.ts";
import type { Sandbox, SandboxSession } from "../ports/sandbox.ts";
import type { Checkout, TreeArchive } from "../ports/workspace.ts";
import { createBuildProgress } from "./build-progress.ts";
import { createCandidateEnvironments, sharedEnvironments, type BuiltFrom } from "./candidate-environments.ts";
import { sandboxLimits } from "./sandbox-limits.ts";
import { asUnfitImage } from "./unfit-image.ts";

/** Limits of what runs, in MiB and minutes. */
export type RunLimits = {
  readonly memoryMb: number;
  readonly setup: { readonly memoryMb: number; readonly stepMinutes: number };
};

export type PrepareDependencies = {
  readonly sandbox: Sandbox;
  readonly defaults: RunLimits;
  readonly logger: Logger;
};

export type PrepareInput = {
  /** Names the run in labels and logs. */
  readonly label: string;
  readonly checkout: Checkout;
  /** Whose the environment is, of environmentScope. */
  readonly scope: string;
  readonly settings: RepoSettings;
  /** Pattern of the part of the repository that is worked on; null: all of it. */
  readonly project: string | null;
  readonly language: Language;
  readonly progress: ReportProgress;
  readonly signal: AbortSignal;
};

/** A place where a run's commands run, ready for them. */
export type PreparedEnvironment = {
  readonly plan: EnvironmentPlan;
  /** Null when there was nothing to build, or nothing to build it with. */
  readonly built: BuiltEnvironment | null;
  readonly environment: Environment;
  readonly session: SandboxSession;
  readonly environments: CandidateEnvironments;
  /** What isolates the commands, or that nothing is executed. */
  readonly isolation: string;
  close(): Promise<void>;
};

/**
 * Plans the environment of a commit, builds it where the sandbox can, opens a session in it and asks for the language's
 * programs. A repository that says nothing about its needs is only read where they are missing. Throws RepairError with
 * the failing step, or with what the settings, the devcontainer or the sandbox lack.
 */
export async function prepareEnvironment(
  deps: PrepareDependencies,
  input: PrepareInput,
): Promise<PreparedEnvironment> {
  const { checkout, settings, language, project } = input;
  const folder = project === null ? null : folderOf(project);
  const plan = await planEnvironment(checkout, settings, language, folder);
  try {
    return await openEnvironment(deps, input, plan);
  } catch (error) {
    throw asUnfitImage(error, plan);
  }
}

async function openEnvironment(
  deps: PrepareDependencies,
  input: PrepareInput,
  plan: EnvironmentPlan,
): Promise<PreparedEnvironment> {
  const { sandbox, defaults, logger } = deps;
  const { label, checkout, language, signal } = input;
  const tree = await checkout.archive(signal);
  const from = await build(deps, input, plan, tree);
  const environment = environmentOf(plan, from);
  const { warmUp } = language;
  const session = await sandbox.open(
    {
      label,
      environment: environment.reference,
      warmUp: warmUp === null ? null : environment.activate + warmUp,
      tree,
      limits: sandboxLimits(tree, defaults.memoryMb),
    },
    signal,
  );
  const environments = from === null ? sharedEnvironments : createCandidateEnvironments(from, signal);
  const prepared: PreparedEnvironment = {
    plan,
    built: from?.built ?? null,
    environment,
    session,
    environments,
    isolation: sandbox.description,
    async close() {
      await environments.close();
      await session.close();
    },
  };
  try {
    return await withToolchain(prepared, input);
  } catch (error) {
    await closeEnvironment(prepared, label, logger);
    throw error;
  }
}

/** Whatever is left over is reaped at the next start; it must not cost the result, nor why there is none. */
export async function closeEnvironment(
  prepared: Pick<PreparedEnvironment, "close">,
  label: string,
  logger: Logger,
): Promise<void> {
  try {
    await prepared.close();
  } catch (error) {
    const { code, message } = asRepairError(error);
    logger.warn({ label, code, error: message }, "the sandbox session was not cleared away");
  }
}

async function build(
  { sandbox, defaults, logger }: PrepareDependencies,
  { label, scope, progress, settings, signal }: PrepareInput,
  plan: EnvironmentPlan,
  tree: TreeArchive,
): Promise<BuiltFrom | null> {
  const builder = sandbox.environments;
  if (builder === null || !needsBuild(plan)) {
    if (needsBuild(plan))
      logger.warn(
        {
          label,
          sandbox: sandbox.kind,
          source: plan.source,
          steps: plan.steps.length,
          activate: plan.activate,
        },
        "this sandbox builds no environments: set-up and activation are left out",
      );
    return null;
  }
  const report = createBuildProgress(plan, progress);
  const request = {
    label,
    plan,
    scope,
    tree,
    limits: {
      ...defaults.setup,
      stepMinutes: settings.environment.timeout_minutes ?? defaults.setup.stepMinutes,
    },
    log: (text: string): void => {
      logger.debug({ label, text }, "environment build output");
      report(text);
    },
  };
  const built = await builder.build(request, signal);
  const { key, cached, seconds, logFile } = built;
  logger.info({ label, source: plan.source, key, cached, seconds, logFile }, "environment ready");
  const total = plan.steps.length;
  progress({ stage: "environment", text: `ready, from ${plan.source}`, done: total, total });
  return { builder, built, request };
}

/** Without a build only the image counts; what would put installed things into place has nothing to find. */
function environmentOf(plan: EnvironmentPlan, from: BuiltFrom | null): Environment {
  const { source, inputs, activate, base } = plan;
  if (from !== null) {
    return { reference: from.built.reference, source, inputs, activate, unable: null };
  }
  const reference = base.kind === "image" ? base.image : null;
  const leftOut = `${plainEnvironment.source}; what ${source} installs and activates is left out, since this sandbox builds nothing`;
  return needsBuild(plan)
    ? { ...plainEnvironment, reference, source: leftOut }
    : { ...plainEnvironment, reference, source, activate };
}

const probeTimeoutMs = 120_000;

/** The same environment, or one that executes nothing where the language's programs are missing by default. */
async function withToolchain(
  prepared: PreparedEnvironment,
  { language, label, signal }: PrepareInput,
): Promise<PreparedEnvironment> {
  const { environment, plan, session } = prepared;
  const script = environment.activate + language.toolchain;
  const command = { script, timeoutMs: probeTimeoutMs, report: null };
  const [outcome] = await session.run(
    { label: "environment/toolchain", files: [], commands: [command] },
    signal,
  );
  if (outcome?.kind === "exited" && outcome.exitCode === 0) return prepared;

  const status = outcome === undefined ? "no outcome" : describeOutcome(outcome);
  const tail = outcome === undefined ? "" : transcriptOf(outcome).slice(-2_000);
  if (outcome?.kind !== "exited") {
    throw new RepairError(
      "sandbox-failed",
      `asking for ${language.name} in the sandbox ended with: ${status}`,
      {
        data: { label, tail },
      },
    );
  }
  const image = plan.base.kind === "image" ? plan.base.image : plan.base.path;
  const missing = `${language.name} does not run in ${image ?? "the sandbox's default"} (\`${language.toolchain}\`: ${status})`;
  if (needsBuild(plan) || plan.base.kind !== "image" || plan.base.image !== null) {
    const logFile = prepared.built?.logFile ?? null;
    throw new RepairError("environment-failed", `${missing}, which ${plan.source} asks for`, {
      data: { step: language.toolchain, status, tail, logFile },
    });
  }
  await prepared.close();
  const unable = `${missing}, and neither the settings nor a manifest say how to set the repository up`;
  return {
    ...prepared,
    environment: { ...environment, unable },
    session: createStaticSession(unable),
    environments: sharedEnvironments,
    isolation: `none: nothing was executed, because ${unable}`,
    close: () => Promise.resolve(),
  };
}
