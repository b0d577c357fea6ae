import type { FileChange } from "../domain/edit.ts";
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
  /** Creates the bot's comment carrying `marker`, or edits it in place; returns its id. */
  upsertComment(ref: IssueRef, marker: string, body: string): Promise<number>;
  /** Removes a label; absent labels are fine. */
  removeLabel(ref: IssueRef, label: string): Promise<void>;
  propose(proposal: Proposal): Promise<PullRequest>;
}

/** A forge as seen by one installation of the App; credentials are minted per use inside. */
export interface Forges {
  forInstallation(installation: number): Forge;
}
