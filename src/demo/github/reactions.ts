import type { components } from "@octokit/openapi-types";
import { z } from "zod";
import { GitHubRefusal, type Answer } from "./answer.ts";
import { parseBody } from "./git-objects.ts";
import { below, repositoryUrl, type Route, type Site } from "./route.ts";

type Reaction = components["schemas"]["reaction"];

const Content = z.object({ content: z.string() });
const contents = ["+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"] as const;

/** Reactions of the App, which emulate does not know, by what they are about: `issues/1`, `issues/comments/2`. */
export type Reactions = {
  readonly routes: readonly Route[];
  readonly of: (subject: string) => readonly string[];
};

export function createReactions(site: Site): Reactions {
  const all = new Map<string, Reaction[]>();
  let ids = 0;

  function add(subject: string, json: unknown): Answer {
    const { content } = parseBody(Content, json);
    const known = contents.find((one) => one === content);
    if (known === undefined) throw new GitHubRefusal(422, "Validation Failed");
    const given = all.get(subject) ?? [];
    const before = given.find((one) => one.content === known);
    if (before !== undefined) return { status: 200, body: before };
    const id = ++ids;
    const made: Reaction = {
      id,
      node_id: `REA_${id}`,
      user: { login: `${site.appSlug}[bot]`, id: site.appId, type: "Bot" } as Reaction["user"],
      content: known,
      created_at: new Date().toISOString(),
    };
    all.set(subject, [...given, made]);
    return { status: 201, body: made };
  }

  const pattern = below(site, "(issues/(?:comments/)?\\d+)/reactions");
  const route = (method: string, handle: Route["handle"]): Route => ({
    method,
    pattern,
    contents: "none",
    handle: async (request) => {
      const there = await request.forward(new URL(`${repositoryUrl(site)}/${request.parts[0]}`).pathname);
      return there.status === 200 ? handle(request) : there;
    },
  });
  return {
    routes: [
      route("POST", async ({ parts: [subject = ""], json }) => add(subject, json())),
      route("GET", async ({ parts: [subject = ""] }) => ({ status: 200, body: all.get(subject) ?? [] })),
    ],
    of: (subject) => (all.get(subject) ?? []).map(({ content }) => content),
  };
}
