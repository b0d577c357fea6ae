import { z } from "zod";
import { repoSlug } from "../../domain/issue.ts";
import type { DataScope } from "../../ports/kept-data.ts";
import type { Database } from "./tables.ts";

/** What stands for the body of a delivery that is not kept any more. */
export const emptied = "{}";

const Named = z.object({ full_name: z.string() });
const Numbered = z.object({ number: z.number() });

/** The fields of webhook payloads that say whose they are. */
const Payload = z.object({
  installation: z.object({ id: z.number() }).nullish(),
  repository: Named.nullish(),
  repositories: z.array(Named).nullish(),
  repositories_added: z.array(Named).nullish(),
  repositories_removed: z.array(Named).nullish(),
  issue: Numbered.nullish(),
  pull_request: Numbered.nullish(),
  check_run: z.object({ pull_requests: z.array(Numbered).nullish() }).nullish(),
  check_suite: z.object({ pull_requests: z.array(Numbered).nullish() }).nullish(),
  ref: z.string().nullish(),
});

/**
 * Whether a delivery's body is about the scope; `pulls` are the pull requests of an issue's runs. One that names several
 * repositories is about each of them, and one that cannot be read is about whatever its text names.
 */
export function concerns(payload: string, scope: DataScope, pulls: readonly number[]): boolean {
  const parsed = Payload.safeParse(JSON.parse(payload));
  if (!parsed.success) return scope.kind !== "issue" && payload.toLowerCase().includes(needleOf(scope));
  const { data } = parsed;
  if (scope.kind === "installation") return data.installation?.id === scope.installation;

  const slug = repoSlug(scope.kind === "issue" ? scope.issue.repo : scope.repo).toLowerCase();
  const isIt = ({ full_name }: z.infer<typeof Named>): boolean => full_name.toLowerCase() === slug;
  const own = data.repository != null && isIt(data.repository);
  if (scope.kind === "repository") {
    const listed = [data.repositories, data.repositories_added, data.repositories_removed];
    return own || listed.some((list) => list?.some(isIt) === true);
  }
  const { number } = scope.issue;
  const numbers = [data.issue, data.pull_request, ...(data.check_run?.pull_requests ?? [])]
    .concat(data.check_suite?.pull_requests ?? [])
    .flatMap((it) => it?.number ?? []);
  const branch = data.ref?.endsWith(`copatcher/issue-${number}`) === true;
  return own && (branch || numbers.some((it) => it === number || pulls.includes(it)));
}

/** Text without which a body cannot be about the scope, in small letters. */
const needleOf = (scope: DataScope): string =>
  scope.kind === "installation"
    ? `"id":${scope.installation}`
    : repoSlug(scope.kind === "issue" ? scope.issue.repo : scope.repo).toLowerCase();

const pageRows = 100;

/** The scope's deliveries that still have a body. They have no columns for it, so their bodies are read, a page at a time. */
export async function* scopeDeliveries(
  db: Database,
  scope: DataScope,
  pulls: readonly number[],
): AsyncIterable<{ readonly id: string }> {
  const pattern = `%${needleOf(scope).replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  let last = "";
  for (;;) {
    const rows = await db
      .selectFrom("delivery")
      .selectAll()
      .where("id", ">", last)
      .where("payload", "ilike", pattern)
      .where("payload", "!=", emptied)
      .orderBy("id")
      .limit(pageRows)
      .execute();
    yield* rows.filter(({ payload }) => concerns(payload, scope, pulls));
    const end = rows.at(-1);
    if (end === undefined || rows.length < pageRows) return;
    last = end.id;
  }
}
