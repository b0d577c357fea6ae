import { z } from "zod";
import { issueKey, type Issue, type RepoRef } from "../../domain/issue.ts";
import { ghost } from "../../domain/login.ts";
import type { AppForge, Labelling, SeenRepository } from "../../ports/app-forge.ts";
import type { Logger } from "../../ports/logger.ts";
import { createAsk, type Ask, type Connect } from "./app-ask.ts";
import { statusOf } from "./github-error.ts";
import { createHookAttempts } from "./hook-attempts.ts";
import { LongId } from "./long-id.ts";

const App = z.object({
  slug: z.string(),
  permissions: z.record(z.string(), z.string()),
  events: z.array(z.string()),
});
const Installations = z.array(z.object({ id: z.int(), suspended_at: z.string().nullish() }));
const Repositories = z.object({
  repositories: z.array(
    z.object({
      id: z.int(),
      name: z.string(),
      owner: z.object({ login: z.string() }),
      archived: z.boolean().default(false),
      has_issues: z.boolean().default(true),
      open_issues_count: z.int(),
    }),
  ),
});
const Issues = z.array(
  z.object({
    number: z.int(),
    title: z.string(),
    body: z.string().nullish(),
    user: z.object({ login: z.string() }).nullable(),
    pull_request: z.unknown().optional(),
  }),
);
const PullRequest = z.object({ state: z.string() });
const Events = z.array(
  z.object({
    id: LongId,
    event: z.string(),
    created_at: z.string(),
    actor: z.object({ login: z.string(), type: z.string() }).nullable(),
    label: z.object({ name: z.string() }).nullish(),
  }),
);

const per_page = 100;
/** Pages of any list that are read at most. */
const mostPages = 50;

/** GitHub as the App itself sees it. */
export function createGitHubAppForge(connect: Connect, logger: Logger): AppForge {
  const ask = createAsk(connect);
  const pages = pagesWith(logger);
  return {
    registration: async () => (await ask(null, "GET /app", {}, App)).data,
    attempts: createHookAttempts(ask, logger),
    async redeliver(delivery_id) {
      await ask(null, "POST /app/hook/deliveries/{delivery_id}/attempts", { delivery_id }, z.unknown());
    },
    async installations() {
      const all = await pages("installations", async (page) => {
        const { data } = await ask(null, "GET /app/installations", { per_page, page }, Installations);
        return data;
      });
      return all.filter((one) => (one.suspended_at ?? null) === null).map(({ id }) => id);
    },
    repositories: (installation) => repositories(ask, pages, installation),
    labelled: (installation, repo, label) => labelled(ask, installation, repo, label),
    labelling: (installation, issue, label) => labelling(ask, pages, installation, issue, label),
    isPullRequestOpen: (installation, repo, number) => isPullRequestOpen(ask, installation, repo, number),
  };
}

type Pages = <T>(what: string, read: (page: number) => Promise<readonly T[]>) => Promise<readonly T[]>;

/** All entries of a list; a page that is not full is the last. */
function pagesWith(logger: Logger): Pages {
  return async function pages<T>(what: string, read: (page: number) => Promise<readonly T[]>) {
    const all: T[] = [];
    for (let page = 1; page <= mostPages; page++) {
      const entries = await read(page);
      all.push(...entries);
      if (entries.length < per_page) return all;
    }
    logger.warn({ what, read: all.length }, "a list of GitHub's is longer than what is read of it");
    return all;
  };
}

async function repositories(
  ask: Ask,
  pages: Pages,
  installation: number,
): Promise<readonly SeenRepository[]> {
  const all = await pages(`repositories of installation ${installation}`, async (page) => {
    const query = { per_page, page };
    const { data } = await ask(installation, "GET /installation/repositories", query, Repositories);
    return data.repositories;
  });
  return all
    .filter(({ archived, has_issues }) => !archived && has_issues)
    .map(({ id, name, owner, open_issues_count }) => ({
      id,
      repo: { owner: owner.login, name },
      openIssues: open_issues_count,
    }));
}

async function labelled(
  ask: Ask,
  installation: number,
  repo: RepoRef,
  label: string,
): Promise<readonly Issue[]> {
  const query = {
    owner: repo.owner,
    repo: repo.name,
    labels: label,
    state: "open",
    sort: "updated",
    direction: "desc",
    per_page,
  };
  const { data } = await ask(installation, "GET /repos/{owner}/{repo}/issues", query, Issues);
  return data
    .filter(({ pull_request }) => pull_request === undefined)
    .map(({ number, title, body, user }) => ({
      ref: { repo, number },
      title,
      body: body ?? "",
      author: user?.login ?? ghost,
    }));
}

async function labelling(
  ask: Ask,
  pages: Pages,
  installation: number,
  issue: Issue["ref"],
  label: string,
): Promise<Labelling | null> {
  const target = { owner: issue.repo.owner, repo: issue.repo.name, issue_number: issue.number };
  const path = "GET /repos/{owner}/{repo}/issues/{issue_number}/events";
  const events = await pages(`events of ${issueKey(issue)}`, async (page) => {
    const { data } = await ask(installation, path, { ...target, per_page, page }, Events);
    return data;
  });
  const last = events.findLast(
    (it) => it.event === "labeled" && it.label?.name.toLowerCase() === label.toLowerCase(),
  );
  if (last === undefined || last.actor === null) return null;
  return {
    id: last.id,
    label: last.label?.name ?? label,
    actor: { login: last.actor.login, bot: last.actor.type === "Bot" },
    time: Date.parse(last.created_at),
  };
}

async function isPullRequestOpen(
  ask: Ask,
  installation: number,
  repo: RepoRef,
  number: number,
): Promise<boolean> {
  const target = { owner: repo.owner, repo: repo.name, pull_number: number };
  try {
    const { data } = await ask(
      installation,
      "GET /repos/{owner}/{repo}/pulls/{pull_number}",
      target,
      PullRequest,
    );
    return data.state === "open";
  } catch (error) {
    const status = statusOf(error);
    if (status === 404 || status === 410) return false;
    throw error;
  }
}
