import { asRepairError } from "../domain/errors.ts";
import type { RepoRef } from "../domain/issue.ts";
import { settingsPath, type RepoSettings } from "../domain/settings.ts";
import type { LayerName } from "../domain/settings/origins.ts";
import type { Forge } from "../ports/forge.ts";
import type { Logger } from "../ports/logger.ts";
import type { RequestPolicy } from "../ports/run-store.ts";
import {
  combineSettings,
  repositorySettings,
  type LoadedSettings,
  type SettingsFile,
} from "./load-settings.ts";
import { operatorCaps } from "./settings-caps.ts";
import { checkSettings } from "./settings-file.ts";
import { tryReportSettings } from "./settings-issue.ts";

type OperatorPolicy = Pick<RequestPolicy, "limits" | "newer">;

/** What the settings say about a request, before anything of the repository is checked out. */
export type RequestSettings = {
  readonly enabled: boolean;
  readonly dryRun: boolean;
  readonly policy: OperatorPolicy;
  readonly permissions: RepoSettings["permissions"];
  readonly trigger: RepoSettings["trigger"];
  readonly pr: RepoSettings["pr"];
  readonly branch: RepoSettings["branch"];
  readonly labels: RepoSettings["labels"];
  /** Which layer says a setting. */
  readonly saidBy: (key: string) => LayerName;
};

/**
 * What the default branch and the owner say of requests, within what the operator allows. A file that is not valid says
 * nothing here: the run that begins tells about it. Throws when GitHub cannot be read.
 */
export async function settingsForRequest(
  deps: { readonly policy: OperatorPolicy; readonly logger: Logger },
  forge: Forge,
  repo: RepoRef,
): Promise<RequestSettings> {
  const { policy } = deps;
  const { loaded, anyInvalid } = await usableSettings(deps, forge, repo);
  if (anyInvalid) await tryReportSettings(deps, forge, repo);
  const { settings, origins } = loaded;
  const { concurrent_runs, runs_per_issue, runs_per_day, tokens_per_day, open_prs } = settings.limits;
  return {
    enabled: settings.enabled,
    dryRun: settings.dry_run,
    permissions: settings.permissions,
    trigger: settings.trigger,
    pr: settings.pr,
    branch: settings.branch,
    labels: settings.labels,
    policy: {
      newer: settings.newer_request ?? policy.newer,
      limits: {
        ...policy.limits,
        repositoryRuns: concurrent_runs ?? policy.limits.repositoryRuns,
        runsPerIssue: runs_per_issue ?? policy.limits.runsPerIssue,
        runsPerDay: runs_per_day ?? policy.limits.runsPerDay,
        tokensPerDay: tokens_per_day ?? policy.limits.tokensPerDay,
        openPullRequests: open_prs ?? policy.limits.openPullRequests,
      },
    },
    saidBy: (key) => origins[key]?.at(-1) ?? "operator",
  };
}

/** The same of all settings, with whether a file was left out since it is not valid. Throws when GitHub cannot be read. */
export async function usableSettings(
  { policy, logger }: { readonly policy: OperatorPolicy; readonly logger: Logger },
  forge: Forge,
  repo: RepoRef,
): Promise<{ readonly loaded: LoadedSettings; readonly anyInvalid: boolean }> {
  const [owner, repository] = await Promise.all([
    usableFile({ logger }, repo, () => ownerSettings(forge, repo)),
    usableFile({ logger }, repo, () => repositorySettings((path) => forge.file(repo, path))),
  ]);
  const loaded = combineSettings(typeof repository === "string" ? null : repository, {
    owner: typeof owner === "string" ? strictest : owner,
    command: {},
    caps: capsOf(policy),
  });
  return { loaded, anyInvalid: owner === "invalid" || repository === "invalid" };
}

/**
 * Instead of an owner's file that nobody can read, which may be as strict as this; the repository's still goes before it.
 * What begins a run is left as usual: the run reads the file itself, ends at that and says why.
 */
const strictest: SettingsFile = {
  where: "the owner's settings",
  bytes: Buffer.from("newer_request: refuse\npermissions: {cancel: admin, status: admin}"),
};

/** A layer's file, or why it says nothing, which is logged. */
async function usableFile(
  { logger }: { readonly logger: Logger },
  repo: RepoRef,
  read: () => Promise<SettingsFile | null>,
): Promise<SettingsFile | null | "invalid" | "refused"> {
  try {
    const file = await read();
    if (file === null || checkSettings(file.bytes).values !== null) return file;
    logger.warn(
      { repo, file: file.where },
      "a settings file is not valid, so it says nothing of this request",
    );
    return "invalid";
  } catch (error) {
    const { code, message } = asRepairError(error);
    if (code !== "forge-rejected") throw error;
    logger.warn({ repo, code, message }, "a settings file cannot be had, so it says nothing of this request");
    return "refused";
  }
}

/** All of the settings with who says each. Throws `settings-invalid`, and when GitHub cannot be read. */
export async function effectiveSettings(
  { policy }: { readonly policy: OperatorPolicy },
  forge: Forge,
  repo: RepoRef,
): Promise<LoadedSettings> {
  const [owner, repository] = await Promise.all([
    ownerSettings(forge, repo),
    repositorySettings((path) => forge.file(repo, path)),
  ]);
  return combineSettings(repository, { owner, command: {}, caps: capsOf(policy) });
}

const capsOf = ({ limits }: OperatorPolicy) => operatorCaps(limits, { run: Infinity, step: Infinity });

/** The file of the owner's `.github` repository, null when there is none that the App sees. */
export async function ownerSettings(forge: Forge, { owner, name }: RepoRef): Promise<SettingsFile | null> {
  if (name.toLowerCase() === ".github") return null;
  const bytes = await forge.file({ owner, name: ".github" }, settingsPath);
  return bytes === null ? null : { where: `${owner}/.github/${settingsPath}`, bytes };
}
