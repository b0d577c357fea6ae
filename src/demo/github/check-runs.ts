import type { components } from "@octokit/openapi-types";
import { z } from "zod";
import { GitHubRefusal, notFound } from "./answer.ts";
import { parseBody } from "./git-objects.ts";
import { below, repositoryUrl, type Route, type Site } from "./route.ts";

type Shown = components["schemas"]["check-run"];

const Annotation = z.object({
  path: z.string(),
  start_line: z.int().positive(),
  end_line: z.int().positive(),
  start_column: z.int().positive().optional(),
  end_column: z.int().positive().optional(),
  annotation_level: z.enum(["notice", "warning", "failure"]),
  message: z.string().min(1).max(65_536),
});
export type EmbeddedAnnotation = z.infer<typeof Annotation>;

const Action = z.object({
  identifier: z.string().min(1).max(20),
  label: z.string().min(1).max(20),
  description: z.string().min(1).max(40),
});

const Content = z.object({
  status: z.enum(["queued", "in_progress", "completed"]).default("queued"),
  conclusion: z
    .enum(["success", "failure", "neutral", "cancelled", "skipped", "timed_out", "action_required"])
    .optional(),
  output: z
    .object({
      title: z.string().min(1).optional(),
      summary: z.string().max(65_535),
      text: z.string().max(65_535).optional(),
      annotations: z.array(Annotation).max(50).default([]),
    })
    .optional(),
  actions: z.array(Action).max(3).default([]),
});
const New = Content.extend({
  name: z.string().min(1),
  head_sha: z.string(),
  external_id: z.string().default(""),
});

export type EmbeddedCheck = z.infer<typeof New> & {
  readonly id: number;
  readonly time: string;
  readonly annotations: readonly EmbeddedAnnotation[];
};

export type CheckRuns = {
  readonly routes: readonly Route[];
  readonly all: () => readonly EmbeddedCheck[];
  /** As GitHub shows it in answers and webhooks. */
  readonly shown: (check: EmbeddedCheck) => Shown;
};

/** Check runs of the App: those of emulate know nothing of the bare repository's commits. */
export function createCheckRuns(site: Site): CheckRuns {
  const all: EmbeddedCheck[] = [];

  const shown = (check: EmbeddedCheck): Shown => ({
    id: check.id,
    node_id: `CR_${check.id}`,
    head_sha: check.head_sha,
    external_id: check.external_id,
    name: check.name,
    url: `${repositoryUrl(site)}/check-runs/${check.id}`,
    html_url: `${site.url}/${site.owner}/${site.name}/runs/${check.id}`,
    details_url: site.url,
    status: check.status,
    conclusion: check.conclusion ?? null,
    started_at: check.time,
    completed_at: check.status === "completed" ? check.time : null,
    output: {
      title: check.output?.title ?? null,
      summary: check.output?.summary ?? null,
      text: check.output?.text ?? null,
      annotations_count: check.annotations.length,
      annotations_url: `${repositoryUrl(site)}/check-runs/${check.id}/annotations`,
    },
    check_suite: { id: 1 },
    app: appOf(site),
    pull_requests: [],
  });

  const route = (method: string, path: string, handle: Route["handle"]): Route => ({
    method,
    pattern: below(site, path),
    contents: "none",
    handle,
  });
  const routes = [
    route("POST", "check-runs", async ({ json }) => {
      const input = parseBody(New, json());
      if ((await site.git.resolve(input.head_sha, "commit")) !== input.head_sha)
        throw new GitHubRefusal(422, `No commit found for SHA: ${input.head_sha}`);
      const made: EmbeddedCheck = {
        ...input,
        id: all.length + 1,
        time: new Date().toISOString(),
        annotations: input.output?.annotations ?? [],
      };
      all.push(made);
      return { status: 201, body: shown(made) };
    }),
    route("PATCH", "check-runs/(\\d+)", async ({ parts: [id], json }) => {
      const at = all.findIndex((check) => String(check.id) === id);
      const before = all[at];
      if (before === undefined) throw notFound();
      const change = parseBody(Content, json());
      const annotations = [...before.annotations, ...(change.output?.annotations ?? [])];
      const after = { ...before, ...change, annotations };
      all[at] = after;
      return { status: 200, body: shown(after) };
    }),
    route("GET", "commits/([^/]+)/check-runs", async ({ parts: [ref = ""], query }) => {
      const commit = await site.git.resolve(ref, "commit");
      if (commit === null) throw new GitHubRefusal(422, `No commit found for SHA: ${ref}`);
      const name = query.get("check_name");
      const found = all.filter(
        (check) => check.head_sha === commit && (name === null || check.name === name),
      );
      const check_runs = found.map(shown);
      return { status: 200, body: { total_count: check_runs.length, check_runs } };
    }),
  ];
  return { routes, all: () => all, shown };
}

const appOf = ({ url, appId, appSlug, owner }: Site): NonNullable<Shown["app"]> => ({
  id: appId,
  slug: appSlug,
  node_id: `A_${appId}`,
  owner: { login: owner, id: 1, node_id: "U_1", type: "User" } as NonNullable<Shown["app"]>["owner"],
  name: appSlug,
  description: null,
  external_url: url,
  html_url: `${url}/apps/${appSlug}`,
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-01T00:00:00Z",
  permissions: {},
  events: [],
});
