import { asRepairError } from "../domain/errors.ts";
import type { RepoRef } from "../domain/issue.ts";
import type { Limits } from "../domain/limits.ts";
import type { ResolvedSettings } from "../domain/settings/layers.ts";
import type { Forge, Forges } from "../ports/forge.ts";
import type { Logger } from "../ports/logger.ts";
import { settingsReport, type SettingChange, type SettingsFindings } from "../report/settings-check.ts";
import { combineSettings, type LoadedSettings, type SettingsFile } from "./load-settings.ts";
import { operatorCaps } from "./settings-caps.ts";
import { findFiles, remarksOn, settingsPlaces, type FoundFiles } from "./settings-remarks.ts";
import { ownerSettings } from "./settings-request.ts";
import { unlessRejected } from "./unless-rejected.ts";

export type SettingsCheckDependencies = {
  readonly forges: Forges;
  readonly logger: Logger;
  readonly policy: { readonly limits: Limits };
};

/** A pull request as of its event. */
export type ProposedSettings = {
  readonly installation: number;
  readonly repo: RepoRef;
  readonly pullRequest: number;
  readonly headSha: string;
  readonly baseSha: string;
};

/** Also what branch rules call it. */
export const settingsCheckName = "copatcher / config";

/** What the external ids of these checks begin with. */
export const settingsCheckPrefix = "config:";

/** The pull request that a check of settings is about, by its external id; null for any other. */
export function pullRequestOfCheck(externalId: string): number | null {
  if (!externalId.startsWith(settingsCheckPrefix)) return null;
  const number = externalId.slice(settingsCheckPrefix.length);
  return /^[1-9]\d{0,9}$/.test(number) ? Number(number) : null;
}

/**
 * Checks the settings that a pull request brings and says on its commit what they would change; nothing for one that
 * touches no settings file. They are read as text only, and used for nothing. Safe to repeat.
 */
export const checkProposedSettings = (
  deps: SettingsCheckDependencies,
  proposed: ProposedSettings,
): Promise<void> => unlessRejected(deps.logger, "the check of settings", () => check(deps, proposed));

async function check(deps: SettingsCheckDependencies, proposed: ProposedSettings): Promise<void> {
  const { repo, pullRequest, headSha } = proposed;
  const forge = deps.forges.forInstallation(proposed.installation);
  const changed = new Set(await forge.changedFiles(repo, pullRequest));
  if (!settingsPlaces.some((path) => changed.has(path))) return;
  const report = settingsReport(await findingsOf(deps, forge, proposed));
  await forge.upsertCheckRun(repo, {
    headSha,
    name: settingsCheckName,
    externalId: `${settingsCheckPrefix}${pullRequest}`,
    ...report,
    actions: [],
  });
}

async function findingsOf(
  deps: SettingsCheckDependencies,
  forge: Forge,
  { repo, headSha, baseSha }: ProposedSettings,
): Promise<SettingsFindings> {
  const [head, base, owner] = await Promise.all([
    findFiles((path) => forge.file(repo, path, headSha)),
    findFiles((path) => forge.file(repo, path, baseSha)),
    ownerSettings(forge, repo),
  ]);
  const remarks = remarksOn(head);
  if (remarks.some(({ severity }) => severity === "error")) return { remarks, changes: null, notes: [] };
  const caps = operatorCaps(deps.policy.limits, { run: Infinity, step: Infinity });
  const resolve = (file: SettingsFile | null): LoadedSettings =>
    combineSettings(file, { owner, command: {}, caps });
  const after = attempt(() => resolve(effective(head)));
  if (after.loaded === null) return { remarks, changes: null, notes: [after.why] };
  const before = attempt(() => resolve(effective(base)));
  const notes =
    before.loaded === null ? ["The file on the base is not valid: compared with none at all."] : [];
  return {
    remarks,
    changes: changesBetween(before.loaded ?? resolve(null), after.loaded),
    notes: [...notes, ...after.loaded.clamps],
  };
}

function effective(files: FoundFiles): SettingsFile | null {
  for (const [where, bytes] of files) return { where, bytes };
  return null;
}

type Attempt = { readonly loaded: LoadedSettings } | { readonly loaded: null; readonly why: string };

function attempt(load: () => LoadedSettings): Attempt {
  try {
    return { loaded: load() };
  } catch (thrown) {
    const error = asRepairError(thrown);
    if (error.code !== "settings-invalid") throw error;
    return { loaded: null, why: `The settings cannot be combined: ${error.message}` };
  }
}

/** The settings whose value differs, by `section.key`. */
export function changesBetween(before: ResolvedSettings, after: ResolvedSettings): readonly SettingChange[] {
  const keys = new Set([...Object.keys(before.origins), ...Object.keys(after.origins)]);
  return [...keys].toSorted().flatMap((key): readonly SettingChange[] => {
    const [old, now] = [valueAt(before.settings, key), valueAt(after.settings, key)];
    if (JSON.stringify(old) === JSON.stringify(now)) return [];
    return [{ key, before: old, after: now, from: (after.origins[key] ?? ["built-in"]).join(", ") }];
  });
}

const valueAt = (settings: object, key: string): unknown =>
  key
    .split(".")
    .reduce<unknown>(
      (value, part) => (typeof value === "object" && value !== null ? Reflect.get(value, part) : undefined),
      settings,
    );
