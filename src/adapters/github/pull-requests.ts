import { z } from "zod";
import { issueKey, repoSlug, type RepoRef } from "../../domain/issue.ts";
import { ghost } from "../../domain/login.ts";
import type { PullRequests, SeenPullRequest } from "../../ports/pull-requests.ts";
import type { AppIdentity } from "./app-identity.ts";
import { addCommit } from "./branch-commit.ts";
import type { Call, GitHubClient } from "./github-call.ts";
import { statusOf } from "./github-error.ts";
import { invite } from "./invite.ts";
import { putSection, replyTo } from "./pull-request-text.ts";
import { reviewThreads } from "./review-threads.ts";
import type { Turns } from "./turns.ts";

const Repo = z.object({ full_name: z.string() });
const Pull = z.object({
  number: z.number(),
  title: z.string(),
  body: z.string().nullable(),
  state: z.string(),
  user: z.object({ login: z.string() }).nullable(),
  head: z.object({ ref: z.string(), sha: z.string(), repo: Repo.nullable() }),
  base: z.object({ ref: z.string(), sha: z.string(), repo: Repo }),
});
const Comparison = z.object({ merge_base_commit: z.object({ sha: z.string() }) });

type PullRequestSession = {
  readonly begin: () => Promise<{ readonly call: Call; readonly client: GitHubClient }>;
  readonly identify: (call: Call, client: GitHubClient) => Promise<AppIdentity>;
  readonly inTurn: Turns;
};

/** Pull requests on GitHub, as one installation of the App sees them. */
export function pullRequestsOf({ begin, identify, inTurn }: PullRequestSession): PullRequests {
  const asSelf = async () => {
    const { call, client } = await begin();
    return { call, client, self: await identify(call, client) };
  };
  return {
    async pullRequest(repo, number) {
      const { call, client, self } = await asSelf();
      return seenPullRequest(call, client, self, repo, number);
    },
    async forkPoint(repo, base, head) {
      const { call, client } = await begin();
      return forkPoint(call, client, repo, `${base}...${head}`);
    },
    async reviewThreads(repo, number) {
      const { call, client, self } = await asSelf();
      return reviewThreads(call, client, self, repo, number);
    },
    async invite(pullRequest, wanted) {
      const { call, client } = await begin();
      return invite(call, client, pullRequest, wanted);
    },
    reply: (pullRequest, comment, marker, body) =>
      inTurn(`${issueKey(pullRequest)} ${comment} ${marker}`, async () => {
        const { call, client, self } = await asSelf();
        await replyTo(call, client, self.login, { pullRequest, comment, marker, body });
      }),
    addCommit: (commit) =>
      inTurn(`${repoSlug(commit.issue.repo)} ${commit.branch}`, async () => {
        const { call, client, self } = await asSelf();
        return addCommit(call, client, self, commit);
      }),
    putSection: (pullRequest, marker, text) =>
      inTurn(`${issueKey(pullRequest)} text`, async () => {
        const { call, client } = await begin();
        await putSection(call, client, pullRequest, { marker, text });
      }),
  };
}

async function seenPullRequest(
  call: Call,
  client: GitHubClient,
  self: AppIdentity,
  repo: RepoRef,
  number: number,
): Promise<SeenPullRequest | null> {
  const target = { owner: repo.owner, repo: repo.name, pull_number: number };
  const pull = await call("read the pull request", Pull, () => client.rest.pulls.get(target)).catch(
    (error: unknown) => {
      if (statusOf(error) === 404) return null;
      throw error;
    },
  );
  if (pull === null) return null;
  const { head, base } = pull;
  return {
    number: pull.number,
    title: pull.title,
    body: pull.body ?? "",
    author: pull.user?.login ?? ghost,
    open: pull.state === "open",
    own: pull.user?.login === self.login,
    head: { branch: head.ref, sha: head.sha, foreign: head.repo?.full_name !== base.repo.full_name },
    base: { branch: base.ref, sha: base.sha },
  };
}

async function forkPoint(
  call: Call,
  client: GitHubClient,
  { owner, name }: RepoRef,
  basehead: string,
): Promise<string | null> {
  try {
    const compared = await call("compare both sides of the pull request", Comparison, () =>
      client.rest.repos.compareCommitsWithBasehead({ owner, repo: name, basehead, per_page: 1 }),
    );
    return compared.merge_base_commit.sha;
  } catch (error) {
    // histories that have nothing in common
    if (statusOf(error) === 404) return null;
    throw error;
  }
}
