import type { FileChange } from "../domain/edit.ts";
import type { Edition } from "../domain/edition.ts";
import type { Issue, IssueRef, RepoRef } from "../domain/issue.ts";
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
  readonly base: string;
  readonly bodyLength: number;
  /** Whether the forge says that the commit's signature is verified; null when it does not say. */
  readonly verified: boolean | null;
};

/** What the bot may do on a forge. There is no merge, approve or close on purpose. */
export interface Forge {
  /** Throws when the forge cannot tell; callers must then refuse. */
  permission(repo: RepoRef, login: string): Promise<Permission>;
  issue(ref: IssueRef): Promise<Issue>;
  /** The default branch and its head; null when the repository has no commit. */
  defaultBranch(repo: RepoRef): Promise<Branch | null>;
  source(repo: RepoRef): RepoSource;
  /**
   * A file of the default branch; null when there is none, or no such repository that the App may read. Throws
   * `forge-rejected` for more than 1 MB, which GitHub does not give.
   */
  file(repo: RepoRef, path: string): Promise<Uint8Array | null>;
  /**
   * Creates the bot's comment carrying `marker`, or edits it in place; returns its id. With an edition, a comment of a
   * newer one is left as it is. Of several that were made at the same moment the first stays, with the newest text.
   */
  upsertComment(ref: IssueRef, marker: string, body: string, edition?: Edition): Promise<number>;
  /** Removes a label; absent labels are fine. */
  removeLabel(ref: IssueRef, label: string): Promise<void>;
  propose(proposal: Proposal): Promise<PullRequest>;
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
