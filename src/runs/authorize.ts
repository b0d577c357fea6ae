import type { Right } from "../domain/command/verbs.ts";
import { asRepairError } from "../domain/errors.ts";
import type { RepoRef } from "../domain/issue.ts";
import { isAtLeast, type Permissions } from "../domain/settings/permissions.ts";
import type { Forge } from "../ports/forge.ts";
import type { Logger } from "../ports/logger.ts";
import type { Notice } from "../report/notice.ts";

/** Who does something. */
export type Actor = {
  readonly sender: string;
  /** The id of the App that does it by itself, as GitHub says; left out for people, also those who use an App. */
  readonly app?: number | undefined;
};

/** Somebody who wants something in a repository. */
export type Applicant = Actor & {
  readonly repo: RepoRef;
  readonly right: Right;
  /** Who may in any case: whoever asked for the run that is to end. */
  readonly requesters?: readonly string[];
};

/** Logins differ in case for people, not for GitHub. */
export const sameLogin = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** Whether the settings name the App: a login is compared with logins and an id with ids, whatever they look like. */
export const isNamedBot = ({ bots }: Pick<Permissions, "bots">, { sender, app }: Actor): boolean =>
  bots.some((bot) => (typeof bot === "number" ? bot === app : sameLogin(bot, sender)));

type Asked = { readonly logger: Logger };
type Asking = Pick<Forge, "permission" | "isTeamMember">;

/** Why the sender may not, null when they may. Whatever cannot be checked is refused. */
export async function refusalFor(
  deps: Asked,
  forge: Asking,
  permissions: Permissions,
  applicant: Applicant,
): Promise<Notice | null> {
  try {
    return await whyForbidden(deps, forge, permissions, applicant);
  } catch (error) {
    const { code, message } = asRepairError(error);
    deps.logger.warn({ code, message }, "permission could not be checked");
    return { kind: "permission-unknown", sender: applicant.sender };
  }
}

/**
 * Whether somebody may still have what they asked for some time ago. Throws when the forge cannot be asked, so that it is
 * asked again later; whom it does not know any more may not.
 */
export async function mayStill(
  deps: Asked,
  forge: Asking,
  permissions: Permissions,
  applicant: Applicant,
): Promise<boolean> {
  try {
    return (await whyForbidden(deps, forge, permissions, applicant)) === null;
  } catch (error) {
    const { code, message } = asRepairError(error);
    if (code !== "forge-rejected") throw error;
    deps.logger.warn({ code, message }, "permission could not be checked any more");
    return false;
  }
}

async function whyForbidden(
  deps: Asked,
  forge: Asking,
  permissions: Permissions,
  { repo, sender, app, right, requesters = [] }: Applicant,
): Promise<Notice | null> {
  const named = [...permissions.users, ...requesters];
  if (named.some((login) => sameLogin(login, sender)) || isNamedBot(permissions, { sender, app }))
    return null;
  const needed = permissions[right];
  const permission = await forge.permission(repo, sender);
  if (isAtLeast(permission, needed)) return null;
  const inTeam = await isInTeam(deps, forge, { repo, sender, teams: permissions.teams });
  if (inTeam === true) return null;
  const refusal = { kind: "not-allowed", sender, permission, needed } as const;
  return inTeam === null ? { ...refusal, teamsUnread: true } : refusal;
}

/** Null when it is true of none of the teams that could be asked, and one could not. */
async function isInTeam(
  { logger }: Asked,
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
