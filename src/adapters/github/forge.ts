import { z } from "zod";
import { issueKey, repoSlug, type RepoRef } from "../../domain/issue.ts";
import { ghost } from "../../domain/login.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Branch, Forge, Forges, ForgeUse } from "../../ports/forge.ts";
import type { Logger } from "../../ports/logger.ts";
import type { RepoSource } from "../../ports/workspace.ts";
import { createAppIdentity, type AppIdentity } from "./app-identity.ts";
import { collaboratorPermission } from "./collaborator-permission.ts";
import { createCall, type Call, type GitHubClient } from "./github-call.ts";
import { forgeError } from "./github-error.ts";
import { claimingPullRequests } from "./claiming.ts";
import { changedFiles } from "./changed-files.ts";
import { upsertCheckRun } from "./check-run.ts";
import { createInstallationTokens, mintToken, type InstallationTokens } from "./installation-tokens.ts";
import { upsertComment } from "./issue-comment.ts";
import { issueTalk } from "./issue-talk.ts";
import { labelsOf, paintLabel, removeLabel } from "./issue-labels.ts";
import { onlyOne, type Creator, type TakeDuty } from "./only-one.ts";
import { upsertIssue } from "./own-issue.ts";
import { proposeOnce } from "./own-pull-request.ts";
import { createWritePaces, type WritePace } from "./pace.ts";
import { branchHead } from "./proposal-branch.ts";
import { propose } from "./propose.ts";
import { pullRequestsOf } from "./pull-requests.ts";
import { react } from "./reaction.ts";
import { repositoryFile } from "./repository-file.ts";
import { bindClient } from "./send.ts";
import { isTeamMember } from "./team-membership.ts";
import { createTurns, type Turns } from "./turns.ts";

type GitHubOptions = {
  /** A new Octokit that acts as the installation, and as the App itself on `/app`. Asked for before every use. */
  readonly octokitForInstallation: (installation: number) => Promise<GitHubClient>;
  /** Where people see repositories, without a slash at the end; git is served below it. */
  readonly webUrl: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Among all processes that act as the App; left out where there is one. */
  readonly takeDuty?: TakeDuty;
};

/** One use of the forge; what it needs to talk to GitHub is bound to the run's signal. */
type Talk = { readonly call: Call; readonly client: GitHubClient };

type Session = {
  readonly installation: number;
  /** Of the run that uses it. */
  readonly signal: AbortSignal | undefined;
  /** With `before` its changes are sent only after that, each. */
  readonly begin: (before?: () => Promise<void>) => Promise<Talk>;
  readonly identify: (call: Call, client: GitHubClient) => Promise<AppIdentity>;
  readonly inTurn: Turns;
  readonly takeDuty: TakeDuty | null;
  /** Of repositories, so that they are not made again. */
  readonly knownLabels: Set<string>;
  readonly webUrl: string;
  readonly logger: Logger;
};

const IssueAnswer = z.object({
  title: z.string(),
  body: z.string().nullish(),
  user: z.object({ login: z.string() }).nullable(),
});
const RepositoryAnswer = z.object({ default_branch: z.string() });

/** GitHub (or GitHub Enterprise Server) as each installation of the App sees it. */
export function createGitHubForges(options: GitHubOptions): Forges {
  const { webUrl, logger } = options;
  const identify = createAppIdentity();
  const paceOf = createWritePaces(options.clock);
  const tokens = new Map<number, InstallationTokens>();
  const tokensOf = (installation: number): InstallationTokens => {
    const own = tokens.get(installation) ?? createInstallationTokens(installation, options.clock);
    tokens.set(installation, own);
    return own;
  };
  // The run and whoever asked for it may both look for its comment before either has written it.
  const inTurn = createTurns();
  const knownLabels = new Set<string>();
  return {
    forInstallation(installation, use) {
      const shared = { use: use ?? null, pace: paceOf(installation), tokens: tokensOf(installation) };
      const begin = (before?: () => Promise<void>) => beginTalk(options, installation, shared, before);
      const signal = use?.signal;
      const { takeDuty = null } = options;
      return forgeOf({
        installation,
        signal,
        begin,
        identify,
        inTurn,
        takeDuty,
        knownLabels,
        webUrl,
        logger,
      });
    },
  };
}

async function beginTalk(
  { octokitForInstallation, clock, logger }: GitHubOptions,
  installation: number,
  shared: {
    readonly use: ForgeUse | null;
    readonly pace: WritePace;
    readonly tokens: InstallationTokens;
  },
  before: (() => Promise<void>) | null = null,
): Promise<Talk> {
  const { use } = shared;
  const signal = use === null || use.signal.aborted ? null : use.signal;
  try {
    const client = await octokitForInstallation(installation);
    bindClient(client, { ...shared, signal, before });
    return { client, call: createCall({ clock, logger, signal }) };
  } catch (error) {
    throw forgeError("act as the App's installation", error);
  }
}

function forgeOf(session: Session): Forge {
  const { begin, identify, inTurn } = session;
  return {
    async permission(repo, login) {
      const { call, client } = await begin();
      return collaboratorPermission(call, client, repo, login);
    },
    async isTeamMember(owner, slug, login) {
      const { call, client } = await begin();
      return isTeamMember(call, client, { owner, slug }, login);
    },
    async issue(ref) {
      const { call, client } = await begin();
      const target = { owner: ref.repo.owner, repo: ref.repo.name, issue_number: ref.number };
      const answer = await call("read the issue", IssueAnswer, () => client.rest.issues.get(target));
      const author = answer.user?.login ?? ghost;
      return { ref, title: answer.title, body: answer.body ?? "", author };
    },
    async issueTalk(ref) {
      const { call, client } = await begin();
      return issueTalk(call, client, ref);
    },
    async defaultBranch(repo) {
      const { call, client } = await begin();
      return defaultBranch(call, client, repo);
    },
    async branch(repo, name) {
      const { call, client } = await begin();
      const sha = await branchHead(call, client, repo, name);
      return sha === null ? null : { name, sha };
    },
    async claiming(ref) {
      const { call, client } = await begin();
      return claimingPullRequests(call, client, await identify(call, client), ref);
    },
    async slug() {
      const { call, client } = await begin();
      return (await identify(call, client)).login.replace(/\[bot\]$/, "");
    },
    source: (repo) => sourceOf(session, repo),
    async file(repo, path, commit) {
      const { call, client } = await begin();
      return repositoryFile(call, client, repo, { path, commit });
    },
    async changedFiles(repo, pullRequest) {
      const { call, client } = await begin();
      return changedFiles(call, client, repo, pullRequest);
    },
    upsertComment: (ref, marker, body, edition) =>
      inTurn(`${issueKey(ref)} ${marker}`, async () => {
        const { call, client } = await begin();
        const self = await identify(call, client);
        const creator = creatorOf(session, `${issueKey(ref)} ${marker}`);
        const wanted = { ref, marker, body, edition: edition ?? null };
        return upsertComment(call, client, { self, creator }, wanted);
      }),
    async removeLabel(ref, label) {
      const { call, client } = await begin();
      await removeLabel(call, client, ref, label);
    },
    async labels(ref) {
      const { call, client } = await begin();
      return labelsOf(call, client, ref);
    },
    paintLabel: (ref, wanted, family) =>
      inTurn(`${issueKey(ref)} labels`, async () => {
        const { call, client } = await begin();
        await paintLabel(call, client, ref, { wanted, family, known: session.knownLabels });
      }),
    async react(target, reaction) {
      const { call, client } = await begin();
      await react(call, client, target, reaction);
    },
    upsertCheckRun: (repo, check) =>
      inTurn(`${repoSlug(repo)} ${check.headSha} ${check.name}`, async () => {
        const { call, client } = await begin();
        const self = await identify(call, client);
        return upsertCheckRun({ call, client, logger: session.logger }, self, repo, check);
      }),
    upsertIssue: (repo, issue) =>
      inTurn(`${repoSlug(repo)} ${issue.marker}`, async () => {
        const { call, client } = await begin();
        const self = await identify(call, client);
        const creator = creatorOf(session, `${repoSlug(repo)} ${issue.marker}`);
        return upsertIssue(call, client, { self, creator }, { repo, issue });
      }),
    propose: (proposal) =>
      // each is several changes, of which the pace lets few through: in turn the first is seen early
      inTurn(
        `proposals ${session.installation}`,
        async () => {
          const { call, client } = await begin();
          const self = await identify(call, client);
          return propose({ call, client, self, logger: session.logger }, proposal);
        },
        session.signal,
      ),
    proposeOnce: (repo, own) =>
      inTurn(`proposals ${session.installation}`, async () => {
        const { call, client } = await begin();
        return proposeOnce({ call, client, self: await identify(call, client) }, repo, own);
      }),
    pullRequests: pullRequestsOf(session),
  };
}

/** For what has to be one among all processes; within this one it is made in turn. */
const creatorOf =
  ({ begin, takeDuty }: Session, place: string): Creator =>
  async (there) =>
    (await begin(takeDuty === null ? undefined : onlyOne(takeDuty, place, there))).client;

async function defaultBranch(call: Call, client: GitHubClient, repo: RepoRef): Promise<Branch | null> {
  const target = { owner: repo.owner, repo: repo.name };
  const { default_branch: name } = await call("read the repository", RepositoryAnswer, () =>
    client.rest.repos.get(target),
  );
  const sha = await branchHead(call, client, repo, name);
  return sha === null ? null : { name, sha };
}

function sourceOf({ installation, begin, webUrl }: Session, repo: RepoRef): RepoSource {
  const path = [repo.owner, repo.name].map(encodeURIComponent).join("/");
  return {
    kind: "remote",
    repo,
    url: `${webUrl}/${path}.git`,
    authorization: async () => {
      const { call, client } = await begin();
      // git only reads this one repository
      const narrowed = { repositories: [repo.name], permissions: { contents: "read" as const } };
      const token = await call("get an installation token", z.string(), async () => ({
        data: await mintToken(client, installation, narrowed),
      }));
      return `basic ${Buffer.from(`x-access-token:${token}`).toString("base64")}`;
    },
  };
}
