import {
  account,
  addresses,
  api,
  full_name,
  issue,
  label,
  name,
  owner,
  reactions,
  repository,
  web,
  type Fields,
} from "./github-objects.ts";

/** A delivery as GitHub sends it. */
export type Sample = { readonly event: string; readonly payload: Fields };

export const common = (sender: Fields = account("maria-holm")): Fields => ({
  repository,
  organization: { login: owner, id: 9_001, node_id: "O_kgDO", url: `${api}/orgs/${owner}`, description: "" },
  sender,
  installation: { id: 77_001, node_id: "MDIzOkludGVncmF0aW9uSW5zdGFsbGF0aW9uNzcwMDE=" },
});

export const labeled = (number: number, text: string): Sample => ({
  event: "issues",
  payload: { action: "labeled", issue: issue(number, ["bug", text]), label: label(text), ...common() },
});

export const commented = (number: number, body: string): Sample => ({
  event: "issue_comment",
  payload: {
    action: "created",
    issue: issue(number, ["bug"]),
    comment: {
      url: `${api}/repos/${full_name}/issues/comments/${number}`,
      html_url: `${web}/${full_name}/issues/${number}#issuecomment-${number}`,
      issue_url: `${api}/repos/${full_name}/issues/${number}`,
      id: 3_000_000_000 + number,
      node_id: "IC_kwDOMGXyAc6y",
      user: account("maria-holm"),
      created_at: "2026-01-02T10:20:30Z",
      updated_at: "2026-01-02T10:20:30Z",
      author_association: "MEMBER",
      body,
      reactions: reactions(`${api}/repos/${full_name}/issues/comments/${number}`),
      performed_via_github_app: null,
    },
    ...common(),
  },
});

export const pullRequest = (number: number, branch: string, author: Fields): Fields => {
  const url = `${api}/repos/${full_name}/pulls/${number}`;
  const end = (ref: string): Fields => ({
    label: `${owner}:${ref}`,
    ref,
    sha: "9f2c1b7d0a3e4f5061728394a5b6c7d8e9f00112",
    user: account(owner, "Organization"),
    repo: repository,
  });
  return {
    ...issue(number, []),
    url,
    html_url: `${web}/${full_name}/pull/${number}`,
    user: author,
    ...addresses(url, {
      diff: ".diff",
      patch: ".patch",
      commits: "/commits",
      review_comments: "/comments",
      review_comment: "/comments{/number}",
      statuses: "/statuses/9f2c1b7d",
    }),
    closed_at: "2026-01-02T10:20:30Z",
    merged_at: "2026-01-02T10:20:30Z",
    merge_commit_sha: "1122334455667788990011223344556677889900",
    requested_reviewers: [],
    requested_teams: [],
    draft: false,
    head: end(branch),
    base: end("main"),
    auto_merge: null,
    merged: true,
    mergeable: null,
    rebaseable: null,
    mergeable_state: "unknown",
    merged_by: account("maria-holm"),
    review_comments: 1,
    maintainer_can_modify: false,
    commits: 1,
    additions: 4,
    deletions: 1,
    changed_files: 1,
  };
};

const ours = account("copatcher[bot]", "Bot");

export const pullRequestClosed = (number: number, branch = `copatcher/issue-${number}`): Sample => ({
  event: "pull_request",
  payload: { action: "closed", number, pull_request: pullRequest(number, branch, ours), ...common() },
});

export const pullRequestLabeled = (number: number): Sample => ({
  event: "pull_request",
  payload: {
    action: "labeled",
    number,
    label: label("bug"),
    pull_request: pullRequest(number, "fix/rounding", account("jonas-weber")),
    ...common(account("jonas-weber")),
  },
});

export const reviewed = (number: number): Sample => ({
  event: "pull_request_review",
  payload: {
    action: "submitted",
    review: {
      id: 1_900_000_000 + number,
      node_id: "PRR_kwDO",
      user: account("maria-holm"),
      body: "The last day is right, but please keep the time zone.",
      commit_id: "9f2c1b7d0a3e4f5061728394a5b6c7d8e9f00112",
      submitted_at: "2026-01-02T10:20:30Z",
      state: "changes_requested",
      html_url: `${web}/${full_name}/pull/${number}#pullrequestreview-1`,
      pull_request_url: `${api}/repos/${full_name}/pulls/${number}`,
      author_association: "MEMBER",
    },
    pull_request: pullRequest(number, `copatcher/issue-${number}`, ours),
    ...common(),
  },
});

export const remarked = (number: number): Sample => ({
  event: "pull_request_review_comment",
  payload: {
    action: "created",
    comment: {
      id: 1_950_000_000 + number,
      path: "src/cadence/rules.py",
      line: 124,
      side: "RIGHT",
      commit_id: "9f2c1b7d0a3e4f5061728394a5b6c7d8e9f00112",
      diff_hunk: "@@ -120,7 +120,10 @@ def advance(moment, unit):",
      user: account("maria-holm"),
      body: "Why not calendar.monthrange?",
      created_at: "2026-01-02T10:20:30Z",
      updated_at: "2026-01-02T10:20:30Z",
    },
    pull_request: pullRequest(number, `copatcher/issue-${number}`, ours),
    ...common(),
  },
});

export const issueDeleted = (number: number): Sample => ({
  event: "issues",
  payload: { action: "deleted", issue: issue(number, []), ...common() },
});

export const issueReopened = (number: number): Sample => ({
  event: "issues",
  payload: { action: "reopened", issue: issue(number, []), ...common() },
});

export const repositoryDeleted = (): Sample => ({
  event: "repository",
  payload: { action: "deleted", ...common() },
});

const removedRepository = { id: 812_000_001, node_id: "R_kgDOMGXyAQ", name, full_name, private: false };

export const repositoriesRemoved = (): Sample => ({
  event: "installation_repositories",
  payload: {
    action: "removed",
    installation: { id: 77_001, account: account(owner, "Organization"), repository_selection: "selected" },
    repository_selection: "selected",
    repositories_added: [],
    repositories_removed: [removedRepository],
    requester: null,
    sender: account("maria-holm"),
  },
});

export const uninstalled = (): Sample => ({
  event: "installation",
  payload: {
    action: "deleted",
    installation: {
      id: 77_001,
      account: account(owner, "Organization"),
      app_id: 4_242,
      app_slug: "copatcher",
    },
    repositories: [removedRepository],
    sender: account("maria-holm"),
  },
});
