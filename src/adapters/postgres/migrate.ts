import { type Kysely, Migrator, sql } from "kysely";
import { RepairError } from "../../domain/errors.ts";
import { unavailable } from "./database-trouble.ts";
import { migrations } from "./migrations.ts";
import type { Tables } from "./tables.ts";

/** A database's tables, compared with the ones of this program. */
export type SchemaState = "none" | "older" | "current" | "newer";

export async function schemaState(db: Kysely<Tables>): Promise<SchemaState> {
  const { rows: found } = await sql<{
    there: boolean;
  }>`select to_regclass('kysely_migration') is not null as there`.execute(db);
  if (found[0]?.there !== true) return "none";
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db);
  if (rows.length === 0) return "none";
  const done = new Set(rows.map(({ name }) => name));
  const known = Object.keys(migrations);
  if (rows.some(({ name }) => !known.includes(name))) return "newer";
  return known.every((name) => done.has(name)) ? "current" : "older";
}

/**
 * Brings the tables of the database `name` up to date, one process at a time (the migrator waits for the others).
 * Throws RepairError `store-unavailable` and changes nothing when a newer program was here.
 */
export async function migrate(db: Kysely<Tables>, name: string): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  if ((await schemaState(db)) === "newer") throw newerSchema(name);
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  // a newer program may have been at it just now
  if ((await schemaState(db)) === "newer") throw newerSchema(name);
  if (error instanceof RepairError) throw error;
  throw new RepairError(
    "store-unavailable",
    `The tables of ${lowerFirst(name)} could not be brought up to date.`,
    {
      cause: error,
    },
  );
}

export const newerSchema = (name: string): RepairError =>
  unavailable(name, {
    what: "was written by a newer Copatcher",
    fix: "Start that version or a later one, or restore the back-up from before its first start.",
  });

const lowerFirst = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);
