import type { Insertable } from "kysely";
import { sha256 } from "../../domain/canonical-json.ts";
import type { Reach } from "../../ports/kept-data.ts";
import type { Database, Tables } from "./tables.ts";

type Forgotten = Insertable<Tables["forgotten"]>;

/** Notes what is removed, before it is, so that other hosts remove their files of it. Nothing of it can be read back. */
export async function rememberForgotten(db: Database, reach: Reach, now: Date): Promise<void> {
  await remember(db, now, [
    ...reach.runs.map((name) => ({ what: "run" as const, name })),
    ...reach.repositories.map((name) => ({ what: "repository" as const, name: sha256(name) })),
    ...reach.logs.map((name) => ({ what: "log" as const, name })),
  ]);
}

/** The same of a repository that has another name by now. */
export const rememberFormer = (db: Database, name: string, now: Date): Promise<void> =>
  remember(db, now, [{ what: "former", name: sha256(name) }]);

async function remember(
  db: Database,
  now: Date,
  rows: readonly Pick<Forgotten, "what" | "name">[],
): Promise<void> {
  for (const row of rows) {
    await db
      .insertInto("forgotten")
      .values({ ...row, forgotten_at: now })
      .onConflict((conflict) => conflict.columns(["what", "name"]).doUpdateSet({ forgotten_at: now }))
      .execute();
  }
}

/** A repository that has runs again is not forgotten any more. */
export async function forgottenOf(db: Database, kept: Reach): Promise<Reach> {
  const gone = new Map<string, ReadonlySet<string>>();
  for (const what of ["run", "repository", "log"] as const) {
    const rows = await db.selectFrom("forgotten").select("name").where("what", "=", what).execute();
    gone.set(what, new Set(rows.map(({ name }) => name)));
  }
  const former = await formerNames(db);
  const suspects = kept.repositories.filter((name) => {
    const hash = sha256(name);
    return gone.get("repository")?.has(hash) === true || former.has(hash);
  });
  const repositories: string[] = [];
  for (const name of suspects) {
    const run = db.selectFrom("run").select("id").where("repository", "=", name).limit(1);
    if ((await run.executeTakeFirst()) === undefined) repositories.push(name);
  }
  return {
    runs: kept.runs.filter((name) => gone.get("run")?.has(name)),
    repositories,
    logs: kept.logs.filter((name) => gone.get("log")?.has(name)),
  };
}

/** Hashes of old names under which no run can be at work any more: whoever began before the renaming has ended. */
async function formerNames(db: Database): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom("forgotten")
    .select("name")
    .where("what", "=", "former")
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("run")
            .select("id")
            .where("at", "in", ["queued", "running"])
            .whereRef("run.created_at", "<=", "forgotten.forgotten_at"),
        ),
      ),
    )
    .execute();
  return new Set(rows.map(({ name }) => name));
}
