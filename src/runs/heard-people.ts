import { asRepairError } from "../domain/errors.ts";
import type { RepoRef } from "../domain/issue.ts";
import { isAtLeast, type Role } from "../domain/settings/permissions.ts";
import type { Forge } from "../ports/forge.ts";

/** Lookups that are under way together. */
const atOnce = 4;
/** People whose role is looked up. */
const mostPeople = 50;

/**
 * Of these logins, of which the first 50 count, those with the role; each is looked up once. Whoever spoke last comes
 * first. Throws when the forge cannot be asked.
 */
export async function peopleWithRole(
  forge: Pick<Forge, "permission">,
  repo: RepoRef,
  role: Role,
  logins: readonly string[],
): Promise<ReadonlySet<string>> {
  const people = [...new Set(logins)].slice(0, mostPeople);
  const heard = new Set<string>();
  for (let next = 0; next < people.length; next += atOnce) {
    const some = people.slice(next, next + atOnce);
    const answers = await Promise.all(some.map((login) => hasRole(forge, repo, role, login)));
    for (const [index, login] of some.entries()) if (answers[index] === true) heard.add(login);
  }
  return heard;
}

async function hasRole(
  forge: Pick<Forge, "permission">,
  repo: RepoRef,
  role: Role,
  login: string,
): Promise<boolean> {
  try {
    return isAtLeast(await forge.permission(repo, login), role);
  } catch (error) {
    // somebody whom the forge does not know here
    if (asRepairError(error).code === "forge-rejected") return false;
    throw error;
  }
}
