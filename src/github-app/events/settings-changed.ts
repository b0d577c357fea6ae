import { z } from "zod";
import { otherSettingsPath, settingsPath } from "../../domain/settings.ts";
import { reportSettings } from "../../runs/settings-issue.ts";
import { unlessRejected } from "../../runs/unless-rejected.ts";
import { appEvent, fieldAt } from "../app-event.ts";
import { Installation, repoOf, Repository } from "../payload.ts";

/** A push of so many commits may name only some of them; older Enterprise Servers stop here. */
const mostNamed = 20;

function onDefaultBranch(payload: object): boolean {
  const name = fieldAt(payload, "repository", "default_branch");
  const there = fieldAt(payload, "deleted") !== true;
  return there && typeof name === "string" && fieldAt(payload, "ref") === `refs/heads/${name}`;
}

function mayTouchSettings(payload: object): boolean {
  if (fieldAt(payload, "forced") === true) return true;
  const commits = fieldAt(payload, "commits");
  if (!Array.isArray(commits)) return false;
  // a message that is nothing but the path costs one look in vain
  const named = JSON.stringify(commits);
  return (
    commits.length >= mostNamed ||
    [settingsPath, otherSettingsPath].some((path) => named.includes(JSON.stringify(path)))
  );
}

/** The settings on the default branch changed: when they are wrong now, or right again, an issue says so. */
export const settingsChanged = appEvent({
  name: "push",
  concerns: (payload) => onDefaultBranch(payload) && mayTouchSettings(payload),
  payload: z.object({ installation: Installation, repository: Repository }),
  handle: (deps, { installation, repository }) =>
    unlessRejected(deps.logger, "the issue about the settings", () =>
      reportSettings(deps.forges.forInstallation(installation.id), repoOf(repository)),
    ),
});
