/** A repository on a forge. `owner` and `name` are as the forge spells them. */
export type RepoRef = { readonly owner: string; readonly name: string };

export type IssueRef = { readonly repo: RepoRef; readonly number: number };

/** An issue as of its trigger; title and body are untrusted text, exactly as the forge gave them. */
export type Issue = {
  readonly ref: IssueRef;
  readonly title: string;
  readonly body: string;
  readonly author: string;
};

/** `owner/name`, for messages and keys. */
export const repoSlug = (repo: RepoRef): string => `${repo.owner}/${repo.name}`;

/** `owner/name#number`, the key under which an issue has at most one live run. */
export const issueKey = (ref: IssueRef): string => `${repoSlug(ref.repo)}#${ref.number}`;
