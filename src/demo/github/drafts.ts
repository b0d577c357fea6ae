import { z } from "zod";
import type { EmulatedGitHub } from "./emulator.ts";
import type { GraphQLField } from "./graphql.ts";
import type { Site } from "./route.ts";

const Asked = z.object({ id: z.string() });
const Pulls = z.array(z.object({ node_id: z.string(), number: z.int() }));

/** Makes a draft of a pull request, as only GraphQL can. */
export const draftField = (site: Site, emulated: Pick<EmulatedGitHub, "as">): GraphQLField => ({
  name: "convertPullRequestToDraft",
  answer: async (variables) => {
    const { id } = Asked.parse(variables);
    const path = `/repos/${site.owner}/${site.name}/pulls`;
    const open = Pulls.parse(await emulated.as(site.owner, "GET", `${path}?state=open&per_page=100`));
    const pull = open.find(({ node_id }) => node_id === id);
    if (pull === undefined) {
      const message = `Could not resolve to a node with the global id of '${id}'`;
      return { data: { convertPullRequestToDraft: null }, errors: [{ type: "NOT_FOUND", message }] };
    }
    // emulate takes what GitHub's REST does not
    await emulated.as(site.owner, "PATCH", `${path}/${pull.number}`, { draft: true });
    return { data: { convertPullRequestToDraft: { pullRequest: { isDraft: true } } } };
  },
});
