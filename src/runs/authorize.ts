import type { Right } from "../domain/command/verbs.ts";
import { asRepairError } from "../domain/errors.ts";
import type { RepoRef } from "../domain/issue.ts";
import { isAtLeast, type Permissions } from "../domain/settings/permissions.ts";
import type { Forge } from "../ports/forge.ts";
import type { Logger } from "../ports/logger.ts";
import type { Notice } from "../report/notice.ts";

/** Somebody who wants something in a repository. */
export type Applicant = {
  readonly repo: RepoRef;
  readonly sender: string;
  readonly right: Right;
  /** Who may in any case: whoever asked for the run that is to end. */
  readonly requesters?: readonly string[];
};

/** Logins differ in case for people, not for GitHub. */
export const sameLogin = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** Why the sender may not, null when they may. Whatever cannot be checked is refused. */
export async function refusalFor(
  deps: { readonly logger: Logger },
  forge: Forge,
  permissions: Permissions,
  { repo, sender, right, requesters = [] }: Applicant,
): Promise<Notice | null> {
  const named = [...permissions.users, ...permissions.bots, ...requesters];
  if (named.some((login) => sameLogin(login, sender))) return null;
  const needed = permissions[right];
  try {
    const permission = await forge.permission(repo, sender);
    if (isAtLeast(permission, needed)) return null;
    const inTeam = await isInTeam(deps, forge, { repo, sender, teams: permissions.teams });
    if (inTeam === true) return null;
    const refusal = { kind: "not-allowed", sender, permission, needed } as const;
    return inTeam === null ? { ...refusal, teamsUnread: true } : refusal;
  } catch (error) {
    const { code, message } = asRepairError(error);
    deps.logger.warn({ code, message }, "permission could not be checked");
    return { kind: "permission-unknown", sender };
  }
}

/** Null when it is true of none of the teams that could be asked, and one could not. */
async function isInTeam(
  { logger }: { readonly logger: Logger },
  forge: Pick<Forge, "isTeamMember">,
  { repo, sender, teams }: Pick<Applicant, "repo" | "sender"> & { readonly teams: readonly string[] },
): Promise<boolean | null> {
  let unread = false;
  for (const team of teams) {
    try {
      if (await forge.isTeamMember(repo.owner, team, sender)) return true;
    } catch (error) {
      const { code, message } = asRepairError(error);
      logger.warn({ team, code, message }, "a team's members could not be read");
      unread = true;
    }
  }
  return unread ? null : false;
}
