/** What webhooks are about, with every field that GitHub writes and values of the usual length. */
export type Fields = Readonly<Record<string, unknown>>;

export const api = "https://api.github.com";
export const web = "https://github.com";

/** The addresses that GitHub writes beside everything, by name and by what follows the thing's own address. */
export const addresses = (base: string, paths: Readonly<Record<string, string>>): Fields =>
  Object.fromEntries(Object.entries(paths).map(([name, path]) => [`${name}_url`, `${base}${path}`]));

export const account = (login: string, type: "User" | "Bot" | "Organization" = "User"): Fields => ({
  login,
  id: 60_000_000 + login.length,
  node_id: "MDQ6VXNlcjYwMDAwMDAw",
  avatar_url: `https://avatars.githubusercontent.com/u/${60_000_000 + login.length}?v=4`,
  gravatar_id: "",
  url: `${api}/users/${login}`,
  html_url: `${web}/${login}`,
  ...addresses(`${api}/users/${login}`, {
    followers: "/followers",
    following: "/following{/other_user}",
    gists: "/gists{/gist_id}",
    starred: "/starred{/owner}{/repo}",
    subscriptions: "/subscriptions",
    organizations: "/orgs",
    repos: "/repos",
    events: "/events{/privacy}",
    received_events: "/received_events",
  }),
  type,
  user_view_type: "public",
  site_admin: false,
});

const repositoryPaths = {
  forks: "/forks",
  keys: "/keys{/key_id}",
  collaborators: "/collaborators{/collaborator}",
  teams: "/teams",
  hooks: "/hooks",
  issue_events: "/issues/events{/number}",
  events: "/events",
  assignees: "/assignees{/user}",
  branches: "/branches{/branch}",
  tags: "/tags",
  blobs: "/git/blobs{/sha}",
  git_tags: "/git/tags{/sha}",
  git_refs: "/git/refs{/sha}",
  trees: "/git/trees{/sha}",
  statuses: "/statuses/{sha}",
  languages: "/languages",
  stargazers: "/stargazers",
  contributors: "/contributors",
  subscribers: "/subscribers",
  subscription: "/subscription",
  commits: "/commits{/sha}",
  git_commits: "/git/commits{/sha}",
  comments: "/comments{/number}",
  issue_comment: "/issues/comments{/number}",
  contents: "/contents/{+path}",
  compare: "/compare/{base}...{head}",
  merges: "/merges",
  archive: "/{archive_format}{/ref}",
  downloads: "/downloads",
  issues: "/issues{/number}",
  pulls: "/pulls{/number}",
  milestones: "/milestones{/number}",
  notifications: "/notifications{?since,all,participating}",
  labels: "/labels{/name}",
  releases: "/releases{/id}",
  deployments: "/deployments",
};

export const owner = "cadence-maintainers";
export const name = "cadence";
export const full_name = `${owner}/${name}`;

export const repository: Fields = {
  id: 812_000_001,
  node_id: "R_kgDOMGXyAQ",
  name,
  full_name,
  private: false,
  owner: account(owner, "Organization"),
  html_url: `${web}/${full_name}`,
  description: "Dates that repeat: months, quarters, business days",
  fork: false,
  url: `${api}/repos/${full_name}`,
  ...addresses(`${api}/repos/${full_name}`, repositoryPaths),
  created_at: "2023-02-11T09:01:44Z",
  updated_at: "2026-01-02T10:20:30Z",
  pushed_at: "2026-01-02T10:20:25Z",
  git_url: `git://github.com/${full_name}.git`,
  ssh_url: `git@github.com:${full_name}.git`,
  clone_url: `${web}/${full_name}.git`,
  svn_url: `${web}/${full_name}`,
  homepage: "https://cadence.example",
  size: 4_812,
  stargazers_count: 2_311,
  watchers_count: 2_311,
  language: "Python",
  has_issues: true,
  has_projects: true,
  has_downloads: true,
  has_wiki: false,
  has_pages: true,
  has_discussions: true,
  forks_count: 190,
  mirror_url: null,
  archived: false,
  disabled: false,
  open_issues_count: 87,
  license: { key: "mit", name: "MIT License", spdx_id: "MIT", url: `${api}/licenses/mit`, node_id: "MDc6" },
  allow_forking: true,
  is_template: false,
  web_commit_signoff_required: false,
  topics: ["calendar", "dates", "recurrence"],
  visibility: "public",
  forks: 190,
  open_issues: 87,
  watchers: 2_311,
  default_branch: "main",
  custom_properties: {},
};

export const label = (text: string): Fields => ({
  id: 5_100_000_001,
  node_id: "LA_kwDOMGXyAc8AAAABL-VoAQ",
  url: `${api}/repos/${full_name}/labels/${text}`,
  name: text,
  color: "0e8a16",
  default: false,
  description: "A fault that somebody can reproduce",
});

export const reactions = (url: string): Fields => ({
  url: `${url}/reactions`,
  total_count: 3,
  ...Object.fromEntries(
    ["+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"].map((it) => [it, 0]),
  ),
});

const trace = Array.from(
  { length: 14 },
  (_, line) =>
    `  File "src/cadence/rules.py", line ${120 + line}, in advance\n    return step(moment, unit="month")`,
).join("\n");

const issueText = `When I repeat the 31st monthly, February is skipped and March comes twice.\n\n\`\`\`\n${trace}\nValueError: day is out of range for month\n\`\`\`\n\nExpected: the last day of each month. Seen on 4.2.1 and main.`;

export const issue = (number: number, labels: readonly string[]): Fields => {
  const url = `${api}/repos/${full_name}/issues/${number}`;
  return {
    url,
    repository_url: `${api}/repos/${full_name}`,
    ...addresses(url, {
      labels: "/labels{/name}",
      comments: "/comments",
      events: "/events",
      timeline: "/timeline",
    }),
    html_url: `${web}/${full_name}/issues/${number}`,
    id: 2_700_000_000 + number,
    node_id: "I_kwDOMGXyAc6g7tcA",
    number,
    title: "Monthly repetition of the 31st skips February",
    user: account("jonas-weber"),
    labels: labels.map(label),
    state: "open",
    locked: false,
    assignee: null,
    assignees: [],
    milestone: null,
    comments: 4,
    created_at: "2026-01-01T08:00:00Z",
    updated_at: "2026-01-02T10:20:30Z",
    closed_at: null,
    author_association: "CONTRIBUTOR",
    sub_issues_summary: { total: 0, completed: 0, percent_completed: 0 },
    active_lock_reason: null,
    body: issueText,
    closed_by: null,
    reactions: reactions(url),
    performed_via_github_app: null,
    state_reason: null,
  };
};
