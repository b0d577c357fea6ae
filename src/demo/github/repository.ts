import { z } from "zod";
import { repositoryItself, type Route, type Site } from "./route.ts";

const Repository = z.looseObject({ full_name: z.string() });

/** The repository, with two counts that emulate leaves out. */
export const repositoryRoute = (site: Site): Route => ({
  method: "GET",
  pattern: repositoryItself(site),
  contents: "none",
  handle: async ({ forward }) => {
    const answer = await forward();
    const repository = Repository.safeParse(answer.body);
    if (!repository.success) return answer;
    return { ...answer, body: { ...repository.data, subscribers_count: 0, network_count: 0 } };
  },
});
