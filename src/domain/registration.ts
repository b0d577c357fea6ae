/** What the forge knows of the App itself. */
export type Registration = {
  readonly slug: string;
  readonly permissions: Readonly<Record<string, string>>;
  /** Webhooks that it is sent. */
  readonly events: readonly string[];
};

/** As in app.yml. */
export const neededPermissions: Readonly<Record<string, "read" | "write">> = {
  metadata: "read",
  contents: "write",
  issues: "write",
  pull_requests: "write",
  checks: "write",
};

/** As in app.yml; GitHub always tells of installations. */
export const neededEvents: readonly string[] = [
  "issues",
  "issue_comment",
  "pull_request",
  "pull_request_review",
  "pull_request_review_comment",
  "repository",
  "push",
  "check_run",
];

const ranks = ["read", "write", "admin"];

/** What of the needed permissions and events the App lacks, in words for people; nothing when it has all. */
export function lacking({ permissions, events }: Registration): readonly string[] {
  const levels = Object.entries(neededPermissions).flatMap(([name, wanted]) => {
    const has = permissions[name] ?? "none";
    return ranks.indexOf(has) >= ranks.indexOf(wanted)
      ? []
      : [`permission ${name}: ${wanted} (it has ${has})`];
  });
  return [
    ...levels,
    ...neededEvents.filter((event) => !events.includes(event)).map((event) => `event ${event}`),
  ];
}
