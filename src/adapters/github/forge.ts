import { z } from "zod";
import { issueKey, type RepoRef } from "../../domain/issue.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Branch, Forge, Forges, Proposal, PullRequest } from "../../ports/forge.ts";
import type { Logger } from "../../ports/logger.ts";
import type { RepoSource } from "../../ports/workspace.ts";
import { createAppIdentity, type AppIdentity } from "./app-identity.ts";
import { collaboratorPermission } from "./collaborator-permission.ts";
import { createCall, type Call, type GitHubClient } from "./github-call.ts";
import { statusOf } from "./github-error.ts";
import { upsertComment } from "./issue-comment.ts";
import { branchHead, putBranch } from "./proposal-branch.ts";
import { putPullRequest } from "./proposal-pull-request.ts";
import { createTurns, type Turns } from "./turns.ts";

type GitHubOptions = {
  /** An Octokit that acts as the installation, and as the App itself on `/app`. Asked for before every use. */
  readonly octokitForInstallation: (installation: number) => Promise<GitHubClient>;
  /** Where people see repositories, without a slash at the end; git is served below it. */
  readonly webUrl: string;
  readonly clock: Pick<Clock, "sleep">;
  readonly logger: Logger;
};

type Session = {
  readonly call: Call;
  readonly connect: () => Promise<GitHubClient>;
  readonly identify: (client: GitHubClient) => Promise<AppIdentity>;
  readonly inTurn: Turns;
  readonly webUrl: string;
  readonly logger: Logger;
};

const IssueAnswer = z.object({
  title: z.string(),
  body: z.string().nullish(),
  user: z.object({ login: z.string() }).nullable(),
});
const RepositoryAnswer = z.object({ default_branch: z.string() });
const InstallationToken = z.object({ token: z.string() });

/** The account that GitHub shows in place of deleted ones. */
const ghost = "ghost";

/** GitHub (or GitHub Enterprise Server) as each installation of the App sees it. */
export function createGitHubForges(options: GitHubOptions): Forges {
  const call = createCall(options);
  const identify = createAppIdentity(call);
  // The run and whoever asked for it may both look for its comment before either has written it.
  const inTurn = createTurns();
  return {
    forInstallation: (installation) =>
      forgeOf({
        call,
        connect: () => options.octokitForInstallation(installation),
        identify,
        inTurn,
        webUrl: options.webUrl,
        logger: options.logger,
      }),
  };
}

function forgeOf(session: Session): Forge {
  const { call, connect, identify, inTurn } = session;
  return {
    async permission(repo, login) {
      return collaboratorPermission(call, await connect(), repo, login);
    },
    async issue(ref) {
      const client = await connect();
      const target = { owner: ref.repo.owner, repo: ref.repo.name, issue_number: ref.number };
      const answer = await call("read the issue", IssueAnswer, () => client.rest.issues.get(target));
      const author = answer.user?.login ?? ghost;
      return { ref, title: answer.title, body: answer.body ?? "", author };
    },
    async defaultBranch(repo) {
      return defaultBranch(call, await connect(), repo);
    },
    source: (repo) => sourceOf(session, repo),
    upsertComment: (ref, marker, body) =>
      inTurn(`${issueKey(ref)} ${marker}`, async () => {
        const client = await connect();
        return upsertComment(call, client, await identify(client), { ref, marker, body });
      }),
    async removeLabel(ref, label) {
      const client = await connect();
      const target = { owner: ref.repo.owner, repo: ref.repo.name, issue_number: ref.number, name: label };
      try {
        await call("remove the label", z.unknown(), () => client.rest.issues.removeLabel(target));
      } catch (error) {
        if (statusOf(error) !== 404) throw error;
      }
    },
    propose: (proposal) => propose(session, proposal),
  };
}

async function defaultBranch(call: Call, client: GitHubClient, repo: RepoRef): Promise<Branch | null> {
  const target = { owner: repo.owner, repo: repo.name };
  const { default_branch: name } = await call("read the repository", RepositoryAnswer, () =>
    client.rest.repos.get(target),
  );
  const sha = await branchHead(call, client, repo, name);
  return sha === null ? null : { name, sha };
}

function sourceOf({ call, connect, webUrl }: Session, repo: RepoRef): RepoSource {
  const path = [repo.owner, repo.name].map(encodeURIComponent).join("/");
  return {
    kind: "remote",
    repo,
    url: `${webUrl}/${path}.git`,
    authorization: async () => {
      const client = await connect();
      const { token } = await call("get an installation token", InstallationToken, async () => ({
        data: await client.auth({ type: "installation" }),
      }));
      return `basic ${Buffer.from(`x-access-token:${token}`).toString("base64")}`;
    },
  };
}

async function propose(session: Session, proposal: Proposal): Promise<PullRequest> {
  const { call, connect, identify, logger } = session;
  const client = await connect();
  const self = await identify(client);
  const commit = await putBranch(call, client, self, proposal);
  const pull = await putPullRequest({ call, client, logger }, self, proposal, commit.sha);
  const verified = commit.verification?.verified ?? null;
  if (verified !== true) logger.warn({ verified, sha: commit.sha }, "the commit is not shown as verified");
  return {
    number: pull.number,
    url: pull.html_url,
    draft: pull.draft,
    title: pull.title,
    head: pull.head.ref,
    base: pull.base.ref,
    bodyLength: (pull.body ?? "").length,
    verified,
  };
}
