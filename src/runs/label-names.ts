import { asRepairError } from "../domain/errors.ts";
import { repoSlug, type RepoRef } from "../domain/issue.ts";
import { unlimited } from "../domain/limits.ts";
import { defaultSettings } from "../domain/settings.ts";
import { triggerLabelOf, type LabelSettings } from "../domain/settings/labels.ts";
import type { Clock } from "../ports/clock.ts";
import type { Forge, Forges } from "../ports/forge.ts";
import { effectiveSettings } from "./settings-request.ts";

export type LabelNames = {
  readonly labels: LabelSettings;
  /** Starts a run; null where no label does. */
  readonly trigger: string | null;
};

/** What labels are called in a repository; as usual while its settings are not valid. Throws when the forge cannot be read. */
export async function labelNames(forge: Forge, repo: RepoRef): Promise<LabelNames> {
  const nobodys = { policy: { limits: unlimited, newer: "refuse" } } as const;
  const settings = await effectiveSettings(nobodys, forge, repo).then(
    (loaded) => loaded.settings,
    (error: unknown) => {
      const { code } = asRepairError(error);
      if (code !== "settings-invalid" && code !== "forge-rejected") throw error;
      return defaultSettings;
    },
  );
  return { labels: settings.labels, trigger: triggerLabelOf(settings.trigger.label) };
}

/** Names change seldom, and every sweep asks for all of them. */
const rememberedMs = 60 * 60 * 1000;

/** The label that starts a run, as it was within the last hour. */
export function rememberedLabels(
  forges: Forges,
  clock: Pick<Clock, "now">,
): (installation: number, repo: RepoRef) => Promise<string | null> {
  const known = new Map<string, { readonly trigger: string | null; readonly until: number }>();
  return async (installation, repo) => {
    const key = repoSlug(repo);
    const kept = known.get(key);
    if (kept !== undefined && kept.until > clock.now()) return kept.trigger;
    const { trigger } = await labelNames(forges.forInstallation(installation), repo);
    known.set(key, { trigger, until: clock.now() + rememberedMs });
    return trigger;
  };
}
