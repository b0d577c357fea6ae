import type { Selectable } from "kysely";
import { z } from "zod";
import { repoSlug } from "../../domain/issue.ts";
import type { DataScope } from "../../ports/kept-data.ts";
import { deliveryPages } from "./delivery-pages.ts";
import type { Database, Tables } from "./tables.ts";

/** What stands for the body of a delivery that is not kept any more. */
export const emptied = "{}";

const Named = z.object({ full_name: z.string() });
const Numbered = z.object({ number: z.number() });

/** The fields of webhook payloads that say whose they are. */
const Webhook = z.object({
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

/** What the sweep stored of a label that it found, before it wrote the fields of webhooks. */
const EarlierFound = z
  .object({
    installation: z.number(),
    issue: z.object({
      ref: z.object({ repo: z.object({ owner: z.string(), name: z.string() }), number: z.number() }),
    }),
  })
  .transform(({ installation, issue: { ref } }): z.infer<typeof Webhook> => ({
    installation: { id: installation },
    repository: { full_name: repoSlug(ref.repo) },
    issue: { number: ref.number },
  }));

const Payload = z.union([Webhook, EarlierFound]);

/**
 * Whether a delivery's body is about the scope; `pulls` are the pull requests of an issue's runs. One that names several
 * repositories is about each of them, and one that cannot be read is about whatever its text names.
 */
export function concerns(payload: string, scope: DataScope, pulls: readonly number[]): boolean {
  const parsed = Payload.safeParse(JSON.parse(payload));
  if (!parsed.success) return scope.kind !== "issue" && namesIt(payload, scope);
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

/** Texts, in small letters, one of which is in every body that is about the scope; the second is of EarlierFound. */
function needlesOf(scope: DataScope): readonly string[] {
  if (scope.kind === "installation")
    return [`"id":${scope.installation}`, `"installation":${scope.installation}`];
  const repo = scope.kind === "issue" ? scope.issue.repo : scope.repo;
  return [repoSlug(repo), `"owner":"${repo.owner}","name":"${repo.name}"`].map((text) => text.toLowerCase());
}

const namesIt = (payload: string, scope: DataScope): boolean =>
  needlesOf(scope).some((needle) => payload.toLowerCase().includes(needle));

/** The scope's deliveries that still have a body. They have no columns for it, so all bodies are read, a page at a time. */
export async function* scopeDeliveries(
  db: Database,
  scope: DataScope,
  pulls: readonly number[],
): AsyncIterable<Selectable<Tables["delivery"]>> {
  const patterns = needlesOf(scope).map((text) => `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`);
  for await (const { after, last } of deliveryPages(db)) {
    const rows = await db
      .selectFrom("delivery")
      .selectAll()
      .where("id", ">", after)
      .where("id", "<=", last)
      .where((eb) => eb.or(patterns.map((pattern) => eb("payload", "ilike", pattern))))
      .where("payload", "!=", emptied)
      .orderBy("id")
      .execute();
    yield* rows.filter(({ payload }) => concerns(payload, scope, pulls));
  }
}
