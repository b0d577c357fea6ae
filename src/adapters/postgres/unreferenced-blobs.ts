import { sql } from "kysely";
import { storedTables } from "./stored-rows.ts";
import type { Database, Transact } from "./tables.ts";

/** A statement's worth: a server gives each a limited time. */
const batch = 500;

type BlobTable = "blob" | "record_blob";

const unreferenced = {
  blob: sql<boolean>`not exists (select 1 from step where step.blob = blob.hash)`,
  record_blob: sql<boolean>`not exists (select 1 from record_link where record_link.hash = record_blob.hash)`,
};

/** Removes all texts that no step and no event refers to, looking through them a page at a time; returns how many. */
export async function removeUnreferencedBlobs(parts: {
  readonly db: Database;
  readonly transact: Transact;
}): Promise<number> {
  let all = 0;
  for (const table of ["blob", "record_blob"] as const) {
    for await (const hashes of unreferencedIn(parts.db, table))
      all += await removeBlobs(parts.transact, table, hashes);
  }
  return all;
}

async function* unreferencedIn(db: Database, table: BlobTable): AsyncIterable<readonly string[]> {
  for (let after = ""; ;) {
    const page = db.selectFrom(table).select("hash").where("hash", ">", after).orderBy("hash").limit(batch);
    const last = (await page.execute()).at(-1)?.hash;
    if (last === undefined) return;
    const found = await db
      .selectFrom(table)
      .select("hash")
      .where("hash", ">", after)
      .where("hash", "<=", last)
      .where(unreferenced[table])
      .execute();
    yield found.map(({ hash }) => hash);
    after = last;
  }
}

/**
 * Removes those of the texts that nothing refers to any more; returns how many. The lock keeps writers out for that
 * moment: one that found its text stored already must not find it gone when it refers to it.
 */
export async function removeBlobs(
  transact: Transact,
  table: BlobTable,
  hashes: readonly string[],
): Promise<number> {
  let all = 0;
  for (let from = 0; from < hashes.length; from += batch) {
    all += await transact(async (transaction) => {
      await sql`lock table ${sql.table(table)} in share row exclusive mode`.execute(transaction);
      const { numDeletedRows } = await transaction
        .deleteFrom(table)
        .where("hash", "in", hashes.slice(from, from + batch))
        .where(unreferenced[table])
        .executeTakeFirst();
      return Number(numDeletedRows);
    });
  }
  return all;
}

/** Frees the space of removed rows for new ones, since nothing else does it in an embedded database. */
export async function reclaimSpace(db: Database): Promise<void> {
  const names = sql.join(storedTables.map(({ name }) => sql.table(name)));
  // a large server takes longer than a statement may, and has its own ways
  await sql`vacuum ${names}`.execute(db).catch(() => undefined);
}
