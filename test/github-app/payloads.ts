/** Payloads of the shape GitHub sends, cut to what any reader of ours could look at. */
const base = {
  repository: { id: 1, name: "cadence", full_name: "acme/cadence", owner: { login: "acme", type: "User" } },
  installation: { id: 7 },
};

type Person = { readonly login: string; readonly type?: string };

export const labeled = (fields: { label?: string; sender?: Person; body?: string | null } = {}) => ({
  ...base,
  action: "labeled",
  issue: {
    number: 12,
    title: "Month ends are wrong",
    body: fields.body === undefined ? "31 January plus a month is 3 March" : fields.body,
    state: "open",
    user: { login: "jonas" },
  },
  label: { name: fields.label ?? "copatcher" },
  sender: { type: "User", ...(fields.sender ?? { login: "maria" }) },
});

/** `app`: the one that wrote the comment, or through which a person did. */
type Commented = { sender?: Person; pullRequest?: boolean; app?: number };

export const commented = (body: string, fields: Commented = {}) => ({
  ...base,
  action: "created",
  issue: {
    number: 12,
    title: "Month ends are wrong",
    body: "31 January plus a month is 3 March",
    user: { login: "jonas" },
    ...(fields.pullRequest === true ? { pull_request: { url: "https://example.test/pulls/12" } } : {}),
  },
  comment: {
    id: 99,
    body,
    created_at: "2026-01-02T10:00:00Z",
    performed_via_github_app: fields.app === undefined ? null : { id: fields.app, slug: "helper" },
  },
  sender: { type: "User", ...(fields.sender ?? { login: "maria" }) },
});

type PullFields = { branch?: string; author?: Person; sender?: Person; merged?: boolean };

/** A pull request of the bot, and whatever else the event brings. */
export const aboutPull = (action: string, extra: object = {}, fields: PullFields = {}) => ({
  ...base,
  action,
  pull_request: {
    number: 40,
    user: fields.author ?? { login: "copatcher[bot]", type: "Bot" },
    head: { ref: fields.branch ?? "copatcher/issue-12", sha: "c".repeat(40) },
    base: { ref: "main", sha: "a".repeat(40) },
    merged: fields.merged ?? false,
    merge_commit_sha: fields.merged === true ? "d".repeat(40) : null,
    updated_at: "2026-01-02T10:00:00Z",
    closed_at: action === "closed" ? "2026-01-02T10:00:00Z" : null,
  },
  sender: { type: "User", ...(fields.sender ?? { login: "maria" }) },
  ...extra,
});

export const review = {
  id: 5,
  state: "changes_requested",
  body: "Keep the zone",
  submitted_at: "2026-01-02T11:00:00Z",
};
export const remark = {
  id: 6,
  path: "a.py",
  line: 3,
  side: "RIGHT",
  body: "why?",
  created_at: "2026-01-02T11:00:00Z",
};

/** A push of one commit to the default branch. */
export const pushed = (paths: readonly string[], fields: object = {}) => ({
  ...base,
  repository: { ...base.repository, default_branch: "trunk" },
  ref: "refs/heads/trunk",
  deleted: false,
  forced: false,
  commits: [{ id: "e".repeat(40), added: [], removed: [], modified: paths }],
  sender: { login: "maria", type: "User" },
  ...fields,
});

/** Somebody pressed a button of a check. */
export const pressed = (external_id: string, fields: object = {}) => ({
  ...base,
  action: "requested_action",
  requested_action: { identifier: "rerun" },
  check_run: { external_id, head_sha: "c".repeat(40) },
  sender: { login: "maria", type: "User" },
  ...fields,
});

/** A check of somebody else's has ended. */
export const checked = (head_branch: string | null, external_id = "") => ({
  ...base,
  action: "completed",
  check_run: {
    name: "test",
    external_id,
    head_sha: "c".repeat(40),
    conclusion: "failure",
    completed_at: "2026-01-02T10:00:00Z",
    check_suite: { head_branch },
    pull_requests: [{ number: 40 }],
  },
  sender: { login: "copatcher[bot]", type: "Bot" },
});

/** A pull request of somebody else's with this description was merged, as GitHub's button "Revert" makes them. */
export const mergedWith = (body: string, fields: object = {}) => ({
  ...base,
  action: "closed",
  pull_request: { number: 50, body, merged: true, closed_at: "2026-01-02T10:00:00Z", ...fields },
  sender: { login: "maria", type: "User" },
});

export const reopened = (fields: object = {}) => ({
  ...base,
  action: "reopened",
  issue: { number: 12, title: "Month ends are wrong", body: "", updated_at: "2026-01-02T10:00:00Z" },
  sender: { login: "maria", type: "User" },
  ...fields,
});

export const issueGone = () => ({ ...base, action: "deleted", issue: { number: 12, title: "Month ends" } });
export const issueMoved = () => ({
  ...issueGone(),
  action: "transferred",
  changes: { new_issue: { number: 3 }, new_repository: { full_name: "acme/secret" } },
});
export const repositoryGone = () => ({ ...base, action: "deleted" });
export const uninstalled = () => ({ action: "deleted", installation: { id: 7 } });
export const repositoriesRemoved = (...names: readonly string[]) => ({
  action: "removed",
  installation: { id: 7 },
  repositories_removed: names.map((full_name) => ({ id: 1, full_name })),
});
