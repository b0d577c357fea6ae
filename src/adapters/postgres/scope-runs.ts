import { type ExpressionBuilder, type ExpressionWrapper, type SqlBool, sql } from "kysely";
import { RepairError } from "../../domain/errors.ts";
import { issueKey, repoSlug } from "../../domain/issue.ts";
import type { DataScope, Reach } from "../../ports/kept-data.ts";
import type { Database, Tables } from "./tables.ts";

/** Condition for the runs of a scope. */
export function ofScope(scope: DataScope) {
  return (eb: ExpressionBuilder<Tables, "run">): ExpressionWrapper<Tables, "run", SqlBool> => {
    switch (scope.kind) {
      case "issue": {
        const key = issueKey(scope.issue).toLowerCase();
        return eb(sql<string>`lower(issue_key)`, "=", key);
      }
      case "repository":
        return eb("repository", "=", repoSlug(scope.repo).toLowerCase());
      case "installation":
        return eb("installation", "=", scope.installation);
    }
  };
}

export type ScopeRun = {
  readonly id: string;
  readonly repository: string;
  readonly at: string;
  readonly pull_request: number | null;
};

/** The scope's runs in the order of their requests. */
export const scopeRuns = (db: Database, scope: DataScope): Promise<ScopeRun[]> =>
  db
    .selectFrom("run")
    .select(["id", "repository", "at", "pull_request"])
    .where(ofScope(scope))
    .orderBy("sequence")
    .execute();

export const isLiveRun = ({ at }: Pick<ScopeRun, "at">): boolean => at === "queued" || at === "running";

/** Throws RepairError `usage` that names the live runs. */
export function refuseLive(runs: readonly ScopeRun[]): void {
  const live = runs.filter(isLiveRun).map(({ id }) => id);
  if (live.length === 0) return;
  throw new RepairError(
    "usage",
    `Still at work or queued: ${live.join(", ")}. Cancel them (\`/copatcher cancel\` on the issue) and try again when they have ended.`,
    { data: { live } },
  );
}

/** Files of a scope: reports are named by run, build logs by what the record says of environments. */
export async function reachOf(
  db: Database,
  scope: DataScope,
  wanted: { readonly live: boolean },
): Promise<Reach> {
  const runs = await scopeRuns(db, scope);
  if (!wanted.live) refuseLive(runs);
  const named = scope.kind === "repository" ? [repoSlug(scope.repo).toLowerCase()] : [];
  const repositories = scope.kind === "issue" ? [] : [...named, ...runs.map(({ repository }) => repository)];
  const logs = scope.kind === "issue" ? [] : await logsOf(db, scope);
  return { runs: runs.map(({ id }) => id), repositories: [...new Set(repositories)], logs };
}

/** Builds are shared by the issues of a repository, so an issue alone has none. */
async function logsOf(db: Database, scope: DataScope): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("record_event")
    .select("event")
    .where("kind", "in", ["setup", "environment-failed"])
    .where("run_id", "in", (eb) => eb.selectFrom("run").select("id").where(ofScope(scope)))
    .execute();
  const names = rows.flatMap(({ event }) => /"log":"([\w.-]+)"/.exec(event)?.[1] ?? []);
  return [...new Set(names)];
}
