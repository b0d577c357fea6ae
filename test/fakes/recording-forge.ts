import { RepairError } from "../../src/domain/errors.ts";
import { compareEditions, type Edition } from "../../src/domain/edition.ts";
import { issueKey, repoSlug, type Issue, type IssueRef } from "../../src/domain/issue.ts";
import type {
  Branch,
  Forge,
  Forges,
  ForgeUse,
  Permission,
  Proposal,
  PullRequest,
} from "../../src/ports/forge.ts";
import type { RepoSource } from "../../src/ports/workspace.ts";

export type RecordedComment = {
  readonly id: number;
  readonly ref: IssueRef;
  readonly marker: string;
  readonly body: string;
  readonly edition: Edition | null;
};

export type RecordedProposal = { readonly proposal: Proposal; readonly pullRequest: PullRequest };

/** A forge in memory that shows what was done to it. */
export type RecordingForge = Forge &
  Forges & {
    readonly comments: RecordedComment[];
    readonly proposals: RecordedProposal[];
    readonly removedLabels: string[];
    /** Makes every later call of this method throw; null lets it work again. */
    breakDown(method: keyof Forge, error: Error | null): void;
  };

export function createRecordingForge(world: {
  readonly issues: readonly Issue[];
  readonly branch: Branch | null;
  readonly source: RepoSource;
  /** By login; anybody else is unknown to the forge. */
  readonly permissions: Readonly<Record<string, Permission>>;
  /** Text of files of default branches, by `owner/name:path`; none when left out. */
  readonly files?: Readonly<Record<string, string>>;
}): RecordingForge {
  const comments: RecordedComment[] = [];
  const proposals: RecordedProposal[] = [];
  const removedLabels: string[] = [];
  const broken = new Map<keyof Forge, Error>();

  const check = (method: keyof Forge): void => {
    const error = broken.get(method);
    if (error !== undefined) throw error;
  };
  const refused = (said: string): RepairError => new RepairError("forge-rejected", said);

  const forgeFor = (use: ForgeUse | null): Forge => ({
    async permission(_repo, login) {
      check("permission");
      const known = world.permissions[login];
      if (known === undefined) throw refused("GitHub answered 404: Not Found");
      return known;
    },
    async issue(ref) {
      check("issue");
      const issue = world.issues.find((issue) => issueKey(issue.ref) === issueKey(ref));
      if (issue === undefined) throw refused("GitHub answered 404: Not Found");
      return issue;
    },
    async defaultBranch() {
      check("defaultBranch");
      return world.branch;
    },
    source: () => world.source,
    async file(repo, path) {
      check("file");
      const text = world.files?.[`${repoSlug(repo)}:${path}`];
      return text === undefined ? null : new TextEncoder().encode(text);
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
        draft: proposal.draft,
        title,
        head: proposal.branch,
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
    breakDown(method, error) {
      if (error === null) broken.delete(method);
      else broken.set(method, error);
    },
  };
}
