import { repoSlug, type RepoRef } from "../domain/issue.ts";
import { unlimited } from "../domain/limits.ts";
import { triggerLabelOf, type LabelSettings } from "../domain/settings/labels.ts";
import type { Clock } from "../ports/clock.ts";
import type { Forge, Forges } from "../ports/forge.ts";
import type { Logger } from "../ports/logger.ts";
import { usableSettings } from "./settings-request.ts";

export type LabelNames = {
  readonly labels: LabelSettings;
  /** Starts a run; null where no label does. */
  readonly trigger: string | null;
};

/** What labels are called in a repository, by those of its settings that are valid. Throws when the forge cannot be read. */
export async function labelNames(
  { logger }: { readonly logger: Logger },
  forge: Forge,
  repo: RepoRef,
): Promise<LabelNames> {
  const nobodys = { limits: unlimited, newer: "refuse" } as const;
  const { loaded } = await usableSettings({ policy: nobodys, logger }, forge, repo);
  const { labels, trigger } = loaded.settings;
  return { labels, trigger: triggerLabelOf(trigger.label) };
}

/** Names change seldom, and every sweep asks for all of them. */
const rememberedMs = 60 * 60 * 1000;

/** The label that starts a run, as it was within the last hour. */
export function rememberedLabels({
  forges,
  clock,
  logger,
}: {
  readonly forges: Forges;
  readonly clock: Pick<Clock, "now">;
  readonly logger: Logger;
}): (installation: number, repo: RepoRef) => Promise<string | null> {
  const known = new Map<string, { readonly trigger: string | null; readonly until: number }>();
  return async (installation, repo) => {
    const key = repoSlug(repo);
    const kept = known.get(key);
    if (kept !== undefined && kept.until > clock.now()) return kept.trigger;
    const { trigger } = await labelNames({ logger }, forges.forInstallation(installation), repo);
    known.set(key, { trigger, until: clock.now() + rememberedMs });
    return trigger;
  };
}
