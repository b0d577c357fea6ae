import { z } from "zod";
import { mostAnnotations, type CheckRun } from "../../domain/check-run.ts";
import { RepairError } from "../../domain/errors.ts";
import type { RepoRef } from "../../domain/issue.ts";
import { headOf } from "../../domain/visible-text.ts";
import type { Logger } from "../../ports/logger.ts";
import type { AppIdentity } from "./app-identity.ts";
import { capped } from "./body-text.ts";
import type { Call, GitHubClient } from "./github-call.ts";
import { statusOf } from "./github-error.ts";

const Seen = z.object({
  id: z.number(),
  external_id: z.string().nullish(),
  status: z.string(),
  conclusion: z.string().nullish(),
  output: z.object({
    title: z.string().nullish(),
    summary: z.string().nullish(),
    annotations_count: z.number().default(0),
  }),
  app: z.object({ slug: z.string().optional() }).nullish(),
});
type Seen = z.infer<typeof Seen>;

const Written = z.object({ id: z.number() });

const titleLimit = 255;

type Deps = { readonly call: Call; readonly client: GitHubClient; readonly logger: Logger };

/** Null when the App has no right to checks; people see everything else of it all the same. */
export async function upsertCheckRun(
  deps: Deps,
  self: AppIdentity,
  repo: RepoRef,
  check: CheckRun,
): Promise<number | null> {
  try {
    return await write(deps, self, repo, check);
  } catch (error) {
    const status = statusOf(error);
    // a pause that GitHub asks for has 403, too
    const rejected = error instanceof RepairError && error.code === "forge-rejected";
    if (!rejected || (status !== 403 && status !== 404)) throw error;
    deps.logger.warn(
      { repo, check: check.name, status },
      "no check was written: the installation has not accepted the permission checks: write, or the repository is gone",
    );
    return null;
  }
}

async function write(
  { call, client }: Deps,
  self: AppIdentity,
  repo: RepoRef,
  check: CheckRun,
): Promise<number> {
  const place = { owner: repo.owner, repo: repo.name };
  const find = () => newest(call, client, self, { repo, check });
  const seen = await call.findOrMake(find, async () => {
    const { id } = await call.once("write a check", Written, () =>
      client.rest.checks.create({
        ...place,
        name: check.name,
        head_sha: check.headSha,
        external_id: check.externalId,
        ...contentOf(check, 0),
      }),
    );
    return { id, ...shownAs(check) };
  });
  if (isShown(seen, check)) return seen.id;
  await call("bring a check up to date", Written, () =>
    client.rest.checks.update({
      ...place,
      check_run_id: seen.id,
      // GitHub adds annotations to those that are there
      ...contentOf(check, seen.output.annotations_count),
    }),
  );
  return seen.id;
}

/** Of several that were written at once people see the newest. */
async function newest(
  call: Call,
  client: GitHubClient,
  self: AppIdentity,
  { repo, check }: { readonly repo: RepoRef; readonly check: CheckRun },
): Promise<Seen | null> {
  const target = {
    owner: repo.owner,
    repo: repo.name,
    ref: check.headSha,
    check_name: check.name,
    filter: "all",
    per_page: 100,
  } as const;
  const runs = await call("look for the bot's check", z.array(Seen), async () => ({
    data: await client.paginate(client.rest.checks.listForRef, target),
  }));
  return runs
    .filter((run) => `${run.app?.slug ?? ""}[bot]` === self.login && run.external_id === check.externalId)
    .reduce<Seen | null>((best, run) => (best === null || run.id > best.id ? run : best), null);
}

const annotationsOf = ({ annotations }: CheckRun) => annotations.slice(0, mostAnnotations);

const shownAs = (check: CheckRun): Omit<Seen, "id"> => ({
  status: "completed",
  conclusion: check.conclusion,
  output: {
    title: headOf(check.title, titleLimit),
    summary: capped(check.summary),
    annotations_count: annotationsOf(check).length,
  },
});

function isShown(seen: Seen, check: CheckRun): boolean {
  const wanted = shownAs(check);
  return (
    seen.status === wanted.status &&
    seen.conclusion === wanted.conclusion &&
    seen.output.title === wanted.output.title &&
    seen.output.summary === wanted.output.summary &&
    seen.output.annotations_count >= wanted.output.annotations_count
  );
}

const contentOf = (check: CheckRun, annotated: number) => {
  const { title, summary } = shownAs(check).output;
  return {
    status: "completed" as const,
    conclusion: check.conclusion,
    output: {
      title: title ?? "",
      summary: summary ?? "",
      annotations: annotationsOf(check)
        .slice(annotated)
        .map(({ path, line, column, level, message }) => ({
          path,
          start_line: line,
          end_line: line,
          ...(column === null ? {} : { start_column: column, end_column: column }),
          annotation_level: level,
          message,
        })),
    },
    actions: check.actions.map((action) => ({ ...action })),
  };
};
