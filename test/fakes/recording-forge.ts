import type { CheckRun } from "../../src/domain/check-run.ts";
import { RepairError } from "../../src/domain/errors.ts";
import { compareEditions, type Edition } from "../../src/domain/edition.ts";
import type { IssueComment } from "../../src/domain/issue-comment.ts";
import { issueKey, repoSlug, type Issue, type IssueRef, type RepoRef } from "../../src/domain/issue.ts";
import type {
  Branch,
  Forge,
  Forges,
  ForgeUse,
  OwnIssue,
  Permission,
  Proposal,
  PullRequest,
} from "../../src/ports/forge.ts";
import type { RepoSource } from "../../src/ports/workspace.ts";
import { createMemoryPullRequests, type MemoryPullRequests } from "./memory-pull-requests.ts";

export type RecordedComment = {
  readonly id: number;
  readonly ref: IssueRef;
  readonly marker: string;
  readonly body: string;
  readonly edition: Edition | null;
};

export type RecordedCheck = { readonly repo: RepoRef; readonly check: CheckRun };

export type RecordedProposal = { readonly proposal: Proposal; readonly pullRequest: PullRequest };

/** A forge in memory that shows what was done to it. */
export type RecordingForge = Forge &
  Forges & {
    readonly comments: RecordedComment[];
    readonly proposals: RecordedProposal[];
    readonly removedLabels: string[];
    /** Labels of issues by `owner/name#number`. */
    readonly issueLabels: Map<string, string[]>;
    /** `reaction target`, in order. */
    readonly reactions: string[];
    readonly checks: RecordedCheck[];
    readonly ownIssues: OwnIssue[];
    /** What people say on every issue. */
    readonly talk: IssueComment[];
    /** Pull requests that were there before. */
    readonly pulls: MemoryPullRequests;
    /** From here on every proposal is shown as ready. */
    refuseDrafts(): void;
    /** Makes every later call of this method throw; null lets it work again. */
    breakDown(method: keyof Forge, error: Error | null): void;
  };

export function createRecordingForge(world: {
  readonly issues: readonly Issue[];
  readonly branch: Branch | null;
  readonly source: RepoSource;
  /** By login; anybody else is unknown to the forge. */
  readonly permissions: Readonly<Record<string, Permission>>;
  /** Logins by `owner/team`. */
  readonly teams?: Readonly<Record<string, readonly string[]>>;
  /** Text of files of default branches, by `owner/name:path`, and of commits, by `owner/name@commit:path`. */
  readonly files?: Readonly<Record<string, string>>;
  /** Other people's pull requests, said to be about every issue. */
  readonly claiming?: readonly number[];
  /** Of every pull request. */
  readonly changedFiles?: readonly string[];
}): RecordingForge {
  const comments: RecordedComment[] = [];
  const proposals: RecordedProposal[] = [];
  const removedLabels: string[] = [];
  const issueLabels = new Map<string, string[]>();
  const reactions: string[] = [];
  const checks: RecordedCheck[] = [];
  const ownIssues: OwnIssue[] = [];
  const pulls = createMemoryPullRequests();
  const talk: IssueComment[] = [];
  const broken = new Map<keyof Forge, Error>();
  let hasDrafts = true;

  const check = (method: keyof Forge): void => {
    const error = broken.get(method);
    if (error !== undefined) throw error;
  };
  const refused = (said: string): RepairError => new RepairError("forge-rejected", said);

  const forgeFor = (use: ForgeUse | null): Forge => ({
    pullRequests: pulls.requests(use),
    async permission(_repo, login) {
      check("permission");
      const known = world.permissions[login];
      if (known === undefined) throw refused("GitHub answered 404: Not Found");
      return known;
    },
    async isTeamMember(owner, team, login) {
      check("isTeamMember");
      return world.teams?.[`${owner}/${team}`]?.includes(login) ?? false;
    },
    async issue(ref) {
      check("issue");
      const issue = world.issues.find((issue) => issueKey(issue.ref) === issueKey(ref));
      if (issue === undefined) throw refused("GitHub answered 404: Not Found");
      return issue;
    },
    async issueTalk() {
      check("issueTalk");
      return talk;
    },
    async defaultBranch() {
      check("defaultBranch");
      return world.branch;
    },
    async branch(_, name) {
      check("branch");
      return world.branch?.name === name ? world.branch : null;
    },
    async claiming() {
      check("claiming");
      return world.claiming ?? [];
    },
    async slug() {
      check("slug");
      return "copatcher";
    },
    source: () => world.source,
    async file(repo, path, commit) {
      check("file");
      const at = commit === undefined ? repoSlug(repo) : `${repoSlug(repo)}@${commit}`;
      const text = world.files?.[`${at}:${path}`];
      return text === undefined ? null : new TextEncoder().encode(text);
    },
    async changedFiles() {
      check("changedFiles");
      return world.changedFiles ?? [];
    },
    async upsertComment(ref, marker, body, edition) {
      check("upsertComment");
      await use?.mayWrite();
      const own = comments.findIndex(
        (comment) => comment.marker === marker && issueKey(comment.ref) === issueKey(ref),
      );
      const earlier = comments[own];
      const id = earlier?.id ?? comments.length + 1;
      const newer = edition !== undefined && compareEditions(earlier?.edition ?? null, edition) > 0;
      if (newer) return id;
      const text = body.startsWith(marker) ? body : `${marker}\n${body}`;
      comments.splice(own === -1 ? comments.length : own, 1, {
        id,
        ref,
        marker,
        body: text,
        edition: edition ?? null,
      });
      return id;
    },
    async removeLabel(ref, label) {
      check("removeLabel");
      await use?.mayWrite();
      removedLabels.push(`${issueKey(ref)} ${label}`);
      const left = (issueLabels.get(issueKey(ref)) ?? []).filter((name) => name !== label);
      issueLabels.set(issueKey(ref), left);
    },
    async labels(ref) {
      check("labels");
      return issueLabels.get(issueKey(ref)) ?? [];
    },
    async paintLabel(ref, wanted, family) {
      check("paintLabel");
      await use?.mayWrite();
      const others = (issueLabels.get(issueKey(ref)) ?? []).filter((name) => !family.includes(name));
      issueLabels.set(issueKey(ref), wanted === null ? others : [...others, wanted.name]);
    },
    async react(target, reaction) {
      check("react");
      await use?.mayWrite();
      const said = `${reaction} ${target.kind === "comment" ? `comment ${target.comment}` : issueKey(target.issue)}`;
      if (!reactions.includes(said)) reactions.push(said);
    },
    async upsertCheckRun(repo, wanted) {
      check("upsertCheckRun");
      await use?.mayWrite();
      const own = checks.findIndex(
        ({ check: { name, externalId, headSha } }) =>
          name === wanted.name && externalId === wanted.externalId && headSha === wanted.headSha,
      );
      const place = own === -1 ? checks.length : own;
      checks.splice(place, 1, { repo, check: wanted });
      return place + 1;
    },
    async upsertIssue(_repo, issue) {
      check("upsertIssue");
      await use?.mayWrite();
      const own = ownIssues.findIndex(({ marker }) => marker === issue.marker);
      if (own === -1 && !issue.open) return null;
      const place = own === -1 ? ownIssues.length : own;
      ownIssues.splice(place, 1, issue);
      return 500 + place;
    },
    async proposeOnce() {
      check("proposeOnce");
      return null;
    },
    async propose(proposal) {
      check("propose");
      await use?.mayWrite();
      const own = proposals.findIndex((earlier) => earlier.proposal.branch === proposal.branch);
      const earlier = proposals[own];
      const number = earlier?.pullRequest.number ?? 100 + proposals.length;
      const attempt = proposal.edition?.attempt ?? Infinity;
      // texts that the same run or a later one wrote stay
      const texts = (earlier?.proposal.edition?.attempt ?? -1) >= attempt ? earlier?.proposal : proposal;
      const { title, body } = texts ?? proposal;
      const pullRequest: PullRequest = {
        number,
        url: `https://github.example/${repoSlug(proposal.issue.repo)}/pull/${number}`,
        draft: proposal.draft && hasDrafts,
        title,
        head: proposal.branch,
        headSha: "c".repeat(40),
        base: proposal.base.name,
        bodyLength: body.length,
        verified: true,
      };
      proposals.splice(own === -1 ? proposals.length : own, 1, {
        proposal: { ...proposal, title, body },
        pullRequest,
      });
      return pullRequest;
    },
  });
  return {
    ...forgeFor(null),
    forInstallation: (_installation, use) => forgeFor(use ?? null),
    comments,
    proposals,
    removedLabels,
    issueLabels,
    reactions,
    checks,
    ownIssues,
    pulls,
    talk,
    refuseDrafts() {
      hasDrafts = false;
    },
    breakDown(method, error) {
      if (error === null) broken.delete(method);
      else broken.set(method, error);
    },
  };
}
