import type { components } from "@octokit/openapi-types";
import { GitHubRefusal, notFound } from "./answer.ts";
import type { Route, Site } from "./route.ts";

type Membership = components["schemas"]["team-membership"];

/** The owner's teams, for whoever is said to be in one; the App may read them once it is allowed to. */
export type Teams = {
  readonly routes: readonly Route[];
  readonly join: (team: string, login: string) => void;
  /** The owner accepts that the App may read members. */
  readonly allowMembers: () => void;
};

export function createTeams({ url, owner }: Pick<Site, "url" | "owner">): Teams {
  const members = new Set<string>();
  let allowed = false;
  const key = (team: string, login: string): string => `${team}/${login}`.toLowerCase();
  return {
    routes: [
      {
        method: "GET",
        pattern: /^\/orgs\/([^/]+)\/teams\/([^/]+)\/memberships\/([^/]+)$/,
        contents: "none",
        handle: async ({ parts: [org = "", team = "", login = ""] }) => {
          if (!allowed) throw new GitHubRefusal(403, "Resource not accessible by integration");
          if (org.toLowerCase() !== owner.toLowerCase() || !members.has(key(team, login))) throw notFound();
          const body: Membership = {
            url: `${url}/orgs/${owner}/teams/${team}/memberships/${login}`,
            role: "member",
            state: "active",
          };
          return { status: 200, body };
        },
      },
    ],
    join: (team, login) => void members.add(key(team, login)),
    allowMembers: () => {
      allowed = true;
    },
  };
}
