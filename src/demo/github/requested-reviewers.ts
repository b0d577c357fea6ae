import { z } from "zod";
import { invalidBecause } from "./answer.ts";
import { parseBody } from "./git-objects.ts";
import { below, type Route, type Site } from "./route.ts";

const Wanted = z.looseObject({ reviewers: z.array(z.string()).default([]) });

/** Reviews can be asked of collaborators only; emulate takes everybody. */
export const requestedReviewersRoute = (site: Site): Route => ({
  method: "POST",
  pattern: below(site, "pulls/\\d+/requested_reviewers"),
  contents: "none",
  handle: async ({ json, forward }) => {
    for (const login of parseBody(Wanted, json()).reviewers) {
      const path = `/repos/${site.owner}/${site.name}/collaborators/${encodeURIComponent(login)}/permission`;
      if ((await forward(path)).status === 200) continue;
      const said = `Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the ${site.owner}/${site.name} repository.`;
      throw invalidBecause("PullRequestReviewRequest", said);
    }
    return forward();
  },
});
