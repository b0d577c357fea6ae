import { asRepairError } from "../domain/errors.ts";
import type { RepoRef } from "../domain/issue.ts";
import type { Forge } from "../ports/forge.ts";
import type { Logger } from "../ports/logger.ts";
import { brokenSettingsText, brokenSettingsTitle, mendedSettingsText } from "../report/settings-check.ts";
import { findFiles, remarksOn } from "./settings-remarks.ts";

/** Hidden marker of the one issue about a repository's settings. */
const marker = "<!-- copatcher:settings -->";

/**
 * Sees to the issue about the settings on the default branch: there is one while they are not valid, with the errors of
 * now, and it is closed when they are. Safe to repeat. Throws what the forge throws.
 */
export async function reportSettings(forge: Forge, repo: RepoRef): Promise<void> {
  const remarks = remarksOn(await findFiles((path) => forge.file(repo, path)));
  const errors = remarks.filter(({ severity }) => severity === "error");
  const open = errors.length > 0;
  await forge.upsertIssue(repo, {
    marker,
    title: brokenSettingsTitle,
    body: open ? brokenSettingsText(remarks) : mendedSettingsText,
    open,
  });
}

/** The same for whoever has met a file that is not valid on the way to something else. */
export async function tryReportSettings(
  { logger }: { readonly logger: Logger },
  forge: Forge,
  repo: RepoRef,
): Promise<void> {
  try {
    await reportSettings(forge, repo);
  } catch (error) {
    const { code, message } = asRepairError(error);
    logger.warn({ repo, code, error: message }, "the issue about the settings was not written");
  }
}
