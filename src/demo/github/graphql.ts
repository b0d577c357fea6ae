import { z } from "zod";
import { GitHubRefusal } from "./answer.ts";
import { parseBody } from "./git-objects.ts";
import type { Route } from "./route.ts";

/** One field that GraphQL is asked for, and GitHub's whole answer: data, and errors beside it. */
export type GraphQLField = {
  readonly name: string;
  readonly answer: (variables: Readonly<Record<string, unknown>>) => Promise<unknown>;
};

const Asked = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()) });

/** GraphQL, which emulate has not: it knows a field by its name in the query. */
export const graphqlRoute = (fields: readonly GraphQLField[]): Route => ({
  method: "POST",
  pattern: /^\/(?:api\/)?graphql$/,
  contents: "read",
  handle: async ({ json }) => {
    const { query, variables } = parseBody(Asked, json());
    const field = fields.find(({ name }) => query.includes(name));
    if (field === undefined) throw new GitHubRefusal(400, "this field is not known here");
    return { status: 200, body: await field.answer(variables) };
  },
});
