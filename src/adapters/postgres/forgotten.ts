import { sha256 } from "../../domain/canonical-json.ts";
import type { Reach } from "../../ports/kept-data.ts";
import type { Database } from "./tables.ts";

/** Notes what is removed, before it is, so that other hosts remove their files of it. Nothing of it can be read back. */
export async function rememberForgotten(db: Database, reach: Reach, now: Date): Promise<void> {
  const rows = [
    ...reach.runs.map((name) => ({ what: "run" as const, name })),
    ...reach.repositories.map((name) => ({ what: "repository" as const, name: sha256(name) })),
    ...reach.logs.map((name) => ({ what: "log" as const, name })),
  ];
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
  const suspects = kept.repositories.filter((name) => gone.get("repository")?.has(sha256(name)));
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
