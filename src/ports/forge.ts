import type { CheckRun } from "../domain/check-run.ts";
import type { FileChange } from "../domain/edit.ts";
import type { Edition } from "../domain/edition.ts";
import type { IssueComment } from "../domain/issue-comment.ts";
import type { Issue, IssueRef, RepoRef } from "../domain/issue.ts";
import type { PullRequests } from "./pull-requests.ts";
import type { RepoSource } from "./workspace.ts";

/** A collaborator's role, weakest first. */
export type Permission = "none" | "read" | "triage" | "write" | "maintain" | "admin";

export type Branch = { readonly name: string; readonly sha: string };

/** A pull request to make or to update. The branch name identifies it: proposing twice changes nothing. */
export type Proposal = {
  readonly issue: IssueRef;
  readonly base: Branch;
  readonly branch: string;
  readonly commitMessage: string;
  readonly changes: readonly FileChange[];
  readonly title: string;
  readonly body: string;
  /** Also makes a draft of a ready one that is there, where the forge has drafts; a draft is made ready by people only. */
  readonly draft: boolean;
  /** The execution that proposes. Texts that its run or a later one wrote stay as they are, or as people made them. */
  readonly edition?: Edition;
};

export type PullRequest = {
  readonly number: number;
  readonly url: string;
  readonly draft: boolean;
  readonly title: string;
  readonly head: string;
  /** The bot's commit that people see; null where none is made, or people committed on top of it. */
  readonly headSha: string | null;
  readonly base: string;
  readonly bodyLength: number;
  /** Whether the forge says that the commit's signature is verified; null when it does not say. */
  readonly verified: boolean | null;
};

/** Where a reaction goes. */
export type ReactionTarget =
  /** A comment on an issue or a pull request, by its id. */
  | { readonly kind: "comment"; readonly repo: RepoRef; readonly comment: number }
  | { readonly kind: "issue"; readonly issue: IssueRef };

export type Reaction = "eyes" | "confused" | "rocket";

/** A label as it is made when the repository does not have it yet; `color` is six hexadecimal digits. */
export type Label = { readonly name: string; readonly color: string; readonly description: string };

/** An issue of the bot's own, about the repository itself. */
export type OwnIssue = {
  /** Hidden, at the beginning of its text: by it the issue is found again. */
  readonly marker: string;
  readonly title: string;
  readonly body: string;
  /** Whether there is still something to do; one that is done is closed, and none is made for it. */
  readonly open: boolean;
};

/** A pull request about the repository itself, which no issue asked for. */
export type OwnPullRequest = Pick<Proposal, "branch" | "commitMessage" | "changes" | "title" | "body"> & {
  /** Hidden, at the beginning of its text. */
  readonly marker: string;
};

/** What the bot may do on a forge. There is no merge or approve on purpose, and it closes only issues of its own. */
export interface Forge {
  /** Throws when the forge cannot tell; callers must then refuse. */
  permission(repo: RepoRef, login: string): Promise<Permission>;
  /** Whether somebody is in a team of the owner, by its slug. Throws when the forge cannot tell; callers must then refuse. */
  isTeamMember(owner: string, team: string, login: string): Promise<boolean>;
  issue(ref: IssueRef): Promise<Issue>;
  /** Oldest first, as they are now. */
  issueTalk(ref: IssueRef): Promise<readonly IssueComment[]>;
  /** The default branch and its head; null when the repository has no commit. */
  defaultBranch(repo: RepoRef): Promise<Branch | null>;
  /** A branch by its name; null when there is none. */
  branch(repo: RepoRef, name: string): Promise<Branch | null>;
  /** The App's name as people mention it; null where there is no App. */
  slug(): Promise<string | null>;
  source(repo: RepoRef): RepoSource;
  /**
   * A file of the default branch, or of a commit; null when there is none, or no such repository that the App may read.
   * Throws `forge-rejected` with `data.size` (bytes) for more than 1 MB, which GitHub does not give.
   */
  file(repo: RepoRef, path: string, commit?: string): Promise<Uint8Array | null>;
  /** Paths that a pull request changes, old names of renamed files included; GitHub tells 3,000 files at most. */
  changedFiles(repo: RepoRef, pullRequest: number): Promise<readonly string[]>;
  /**
   * Creates the bot's comment carrying `marker`, or edits it in place; returns its id, null where one that is refused is
   * only logged. With an edition, a comment of a newer one is left as it is. Of several that were made at the same moment
   * the first stays, with the newest text.
   */
  upsertComment(ref: IssueRef, marker: string, body: string, edition?: Edition): Promise<number | null>;
  /** Removes a label; absent labels are fine. */
  removeLabel(ref: IssueRef, label: string): Promise<void>;
  labels(ref: IssueRef): Promise<readonly string[]>;
  /**
   * Leaves of the labels of `family` only `wanted` on the issue, none for null, and makes it in the repository when it is
   * not there; other labels stay. Writes nothing when it is so already, or the issue is gone.
   */
  paintLabel(ref: IssueRef, wanted: Label | null, family: readonly string[]): Promise<void>;
  /** A reaction that is there already, and a comment or issue that is gone, are fine. */
  react(target: ReactionTarget, reaction: Reaction): Promise<void>;
  /**
   * Writes the check, or brings the App's own of the same name and id up to date; returns its id. Null, and a word in the
   * log, when the App was never given the right to write checks.
   */
  upsertCheckRun(repo: RepoRef, check: CheckRun): Promise<number | null>;
  /** Opens the App's issue with the marker, edits or reopens it, or closes it; returns its number, null when there is none. */
  upsertIssue(repo: RepoRef, issue: OwnIssue): Promise<number | null>;
  propose(proposal: Proposal): Promise<PullRequest>;
  /**
   * Opens the App's pull request against the default branch, but never a second time: closed ones count. Its number; null
   * when there was one, and for a repository that is empty, archived or a fork.
   */
  proposeOnce(repo: RepoRef, pullRequest: OwnPullRequest): Promise<number | null>;
  /** Numbers of other people's open pull requests whose text says that they are about the issue. */
  claiming(ref: IssueRef): Promise<readonly number[]>;
  /** What it may do with pull requests that are there. */
  readonly pullRequests: PullRequests;
}

/** What binds a forge to the run on whose behalf it acts. */
export type ForgeUse = {
  /** Asked before every single request that changes something; throws to keep it from being sent. Reads go unasked. */
  readonly mayWrite: () => Promise<void>;
  /**
   * Breaks off what is under way when it aborts, with its reason, but never cuts off a change that GitHub may be making.
   * What is begun after it aborted is not bound by it: that is the run's last word.
   */
  readonly signal: AbortSignal;
};

/** A forge as seen by one installation of the App; credentials are minted per use inside. */
export interface Forges {
  forInstallation(installation: number, use?: ForgeUse): Forge;
}
