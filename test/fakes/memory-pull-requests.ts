import { createHash } from "node:crypto";
import { repoSlug, type IssueRef } from "../../src/domain/issue.ts";
import type { ReviewThread } from "../../src/domain/review-thread.ts";
import type { ForgeUse } from "../../src/ports/forge.ts";
import type { BranchCommit, PullRequests, SeenPullRequest } from "../../src/ports/pull-requests.ts";

export type MemoryPullRequest = SeenPullRequest & {
  /** Null: both sides have no commit in common. */
  readonly forkPoint: string | null;
  readonly threads: readonly ReviewThread[];
};

export type RecordedReply = { readonly comment: number; readonly marker: string; readonly body: string };

/** Pull requests in memory, with what was done to them. */
export type MemoryPullRequests = {
  put(pull: Partial<MemoryPullRequest> & Pick<MemoryPullRequest, "number">): void;
  /** Somebody pushed. */
  push(branch: string, sha: string): void;
  readonly commits: (BranchCommit & { readonly sha: string })[];
  readonly replies: RecordedReply[];
  /** Of all pull requests; names that begin with `refused` are refused. */
  readonly invited: { readonly reviewers: string[]; readonly labels: string[] };
  /** By marker. */
  readonly sections: Map<string, string>;
  requests(use: ForgeUse | null): PullRequests;
};

export function createMemoryPullRequests(): MemoryPullRequests {
  const pulls = new Map<number, MemoryPullRequest>();
  const commits: (BranchCommit & { readonly sha: string })[] = [];
  const replies: RecordedReply[] = [];
  const sections = new Map<string, string>();
  const invited = { reviewers: new Array<string>(), labels: new Array<string>() };
  const withBranch = (branch: string) => [...pulls.values()].filter(({ head }) => head.branch === branch);

  function push(branch: string, sha: string): void {
    for (const pull of withBranch(branch)) pulls.set(pull.number, { ...pull, head: { ...pull.head, sha } });
  }
  return {
    put: (pull) =>
      pulls.set(pull.number, {
        title: "A pull request",
        body: "",
        author: "mona",
        open: true,
        own: false,
        head: { branch: "topic", sha: "b".repeat(40), foreign: false },
        base: { branch: "main", sha: "a".repeat(40) },
        forkPoint: "a".repeat(40),
        threads: [],
        ...pull,
      }),
    push,
    commits,
    replies,
    sections,
    invited,
    requests: (use) => ({
      pullRequest: async (_, number) => {
        const pull = pulls.get(number);
        if (pull === undefined) return null;
        const { forkPoint: _point, threads: _threads, ...seen } = pull;
        return seen;
      },
      forkPoint: async (_, base, head) =>
        [...pulls.values()].find((pull) => pull.base.sha === base && pull.head.sha === head)?.forkPoint ??
        null,
      reviewThreads: async (_, number) => pulls.get(number)?.threads ?? [],
      async invite(_pull, wanted) {
        await use?.mayWrite();
        const refuses = (name: string): boolean => name.startsWith("refused");
        invited.reviewers.push(...wanted.reviewers.filter((name) => !refuses(name)));
        invited.labels.push(...wanted.labels.filter((name) => !refuses(name)));
        return { reviewers: wanted.reviewers.filter(refuses), labels: wanted.labels.filter(refuses) };
      },
      async reply(_pull: IssueRef, comment, marker, body) {
        await use?.mayWrite();
        const there = replies.some((reply) => reply.comment === comment && reply.marker === marker);
        if (!there) replies.push({ comment, marker, body });
      },
      async addCommit(commit) {
        await use?.mayWrite();
        const earlier = commits.find(
          ({ branch, onto, trailer }) =>
            branch === commit.branch && onto === commit.onto && trailer === commit.trailer,
        );
        if (earlier !== undefined) return { kind: "committed", sha: earlier.sha, verified: true };
        const moved = withBranch(commit.branch).some(({ head }) => head.sha !== commit.onto);
        if (moved || withBranch(commit.branch).length === 0) return { kind: "moved" };
        const named = `${repoSlug(commit.issue.repo)} ${JSON.stringify(commit.changes)}`;
        const sha = createHash("sha1").update(named).digest("hex");
        commits.push({ ...commit, sha });
        push(commit.branch, sha);
        return { kind: "committed", sha, verified: true };
      },
      async putSection(_pull: IssueRef, marker, text) {
        await use?.mayWrite();
        sections.set(marker, text);
      },
    }),
  };
}
