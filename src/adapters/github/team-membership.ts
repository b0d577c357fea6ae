import { z } from "zod";
import type { Call, GitHubClient } from "./github-call.ts";
import { statusOf } from "./github-error.ts";

const Membership = z.object({ state: z.string() });

/** Whether somebody is in a team; an invitation that is not accepted yet does not count. Throws `forge-rejected` when the App may not read members. */
export async function isTeamMember(
  call: Call,
  client: GitHubClient,
  team: { readonly owner: string; readonly slug: string },
  login: string,
): Promise<boolean> {
  const target = { org: team.owner, team_slug: team.slug, username: login };
  try {
    const { state } = await call("read a team's members", Membership, () =>
      client.rest.teams.getMembershipForUserInOrg(target),
    );
    return state === "active";
  } catch (error) {
    // nobody of it, or no such team
    if (statusOf(error) === 404) return false;
    throw error;
  }
}
