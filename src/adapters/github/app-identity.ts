import { z } from "zod";
import type { Call, GitHubClient } from "./github-call.ts";

const App = z.object({ slug: z.string() });

/** Under which login GitHub shows what the App writes. People cannot register names with brackets. */
export type AppIdentity = { readonly login: string };

/** Asks GitHub once; a failed question is asked again the next time. */
export function createAppIdentity(): (call: Call, client: GitHubClient) => Promise<AppIdentity> {
  let known: AppIdentity | null = null;
  return async (call, client) => {
    if (known !== null) return known;
    const { slug } = await call("read the App's own name", App, () => client.rest.apps.getAuthenticated());
    known = { login: `${slug}[bot]` };
    return known;
  };
}
