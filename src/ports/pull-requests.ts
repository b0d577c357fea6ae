import type { FileChange } from "../domain/edit.ts";
import type { IssueRef, RepoRef } from "../domain/issue.ts";
import type { ReviewThread } from "../domain/review-thread.ts";

/** One side of a pull request. */
export type Side = { readonly branch: string; readonly sha: string };

export type SeenPullRequest = {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly author: string;
  readonly open: boolean;
  /** Whether the App itself opened it. */
  readonly own: boolean;
  /** `foreign`: in another repository, or in one that is gone. */
  readonly head: Side & { readonly foreign: boolean };
  readonly base: Side;
};

/** One commit on top of a branch of the bot. */
export type BranchCommit = {
  /** The issue whose patch the branch holds. */
  readonly issue: IssueRef;
  readonly branch: string;
  /** The head against which the changes were made. */
  readonly onto: string;
  /** A line of the message, by which the commit is found again. */
  readonly trailer: string;
  readonly message: string;
  readonly changes: readonly FileChange[];
};

export type CommitOutcome =
  | { readonly kind: "committed"; readonly sha: string; readonly verified: boolean | null }
  /** Somebody committed meanwhile, or took the branch away: nothing was written. */
  | { readonly kind: "moved" };

/** What goes with a pull request: people who are asked for a review, and labels. */
export type Invitation = { readonly reviewers: readonly string[]; readonly labels: readonly string[] };

/** What the bot may do with pull requests that are there. It never merges, approves, closes or resolves anything. */
export interface PullRequests {
  /** Null when there is none of this number. */
  pullRequest(repo: RepoRef, number: number): Promise<SeenPullRequest | null>;
  /** The commit at which `head` left `base`; null when they have none in common. */
  forkPoint(repo: RepoRef, base: string, head: string): Promise<string | null>;
  /** Resolved ones too, oldest first; of a thread its first hundred remarks. */
  reviewThreads(repo: RepoRef, number: number): Promise<readonly ReviewThread[]>;
  /** Asks for reviews and puts labels on, each for itself; gives those that the forge refuses. */
  invite(pullRequest: IssueRef, wanted: Invitation): Promise<Invitation>;
  /** Answers the thread that begins with `comment`, unless the bot's answer with the marker is there. */
  reply(pullRequest: IssueRef, comment: number, marker: string, body: string): Promise<void>;
  /** Adds the commit where the branch still ends with `onto`; one that was added before is found again. */
  addCommit(commit: BranchCommit): Promise<CommitOutcome>;
  /** Puts a part of the bot's own at the top of the text, or replaces it; what people wrote around it stays. */
  putSection(pullRequest: IssueRef, marker: string, text: string): Promise<void>;
}
