import { z } from "zod";
import type { Route, Site } from "./route.ts";
import type { SentWebhook, Webhooks } from "./webhooks.ts";

/** What the owner does with the App; waits for its answer. Repositories are `owner/name`. */
export type InstallationPeople = {
  readonly install: (repositories: readonly string[]) => Promise<SentWebhook>;
  /** The App may see these, too. */
  readonly addRepositories: (repositories: readonly string[]) => Promise<SentWebhook>;
  /** Accepts what the App's settings ask for by now. */
  readonly acceptPermissions: () => Promise<SentWebhook>;
};

export function installationPeopleOf(
  { send }: Webhooks,
  installationId: number,
  owner: string,
): InstallationPeople {
  const named = (repositories: readonly string[]) =>
    repositories.map((full_name) => ({ name: full_name.split("/")[1], full_name, private: true }));
  const told = {
    installation: { id: installationId, account: { login: owner } },
    sender: { login: owner, type: "User" },
  };
  return {
    install: (all) => send("installation", { action: "created", repositories: named(all), ...told }),
    addRepositories: (all) =>
      send("installation_repositories", {
        action: "added",
        repository_selection: "selected",
        repositories_added: named(all),
        repositories_removed: [],
        ...told,
      }),
    acceptPermissions: () => send("installation", { action: "new_permissions_accepted", ...told }),
  };
}

/** `GET /installation/repositories`: the one repository that there is. */
export const installationRepositoriesRoute = (site: Site): Route => ({
  method: "GET",
  pattern: /^\/installation\/repositories$/,
  contents: "read",
  handle: async ({ forward, query }) => {
    const answer = await forward(`/repos/${site.owner}/${site.name}`);
    if (answer.status !== 200) return answer;
    const first = Number(query.get("page") ?? 1) === 1;
    const body = {
      total_count: 1,
      repository_selection: "selected",
      repositories: first ? [answer.body] : [],
    };
    return { status: 200, body };
  },
});

const Installations = z.array(z.looseObject({ account: z.looseObject({ id: z.number() }) }));

/** `GET /app/installations`, with the field that emulate leaves out. */
export const installationsRoute: Route = {
  method: "GET",
  pattern: /^\/app\/installations$/,
  contents: "none",
  handle: async ({ forward }) => {
    const answer = await forward();
    const installations = Installations.safeParse(answer.body);
    if (!installations.success) return answer;
    return { ...answer, body: installations.data.map((it) => ({ ...it, target_id: it.account.id })) };
  },
};
