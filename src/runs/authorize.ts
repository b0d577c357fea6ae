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
    return isAtLeast(permission, needed) ? null : { kind: "not-allowed", sender, permission, needed };
  } catch (error) {
    const { code, message } = asRepairError(error);
    deps.logger.warn({ code, message }, "permission could not be checked");
    return { kind: "permission-unknown", sender };
  }
}
