import { type RawBuilder, sql } from "kysely";
import { storedTables } from "./stored-rows.ts";
import type { Database, Transact } from "./tables.ts";

/** A statement's worth: a server gives each a limited time. */
const batch = 500;

/** Removes texts that no step and no event refers to; returns how many. */
export async function removeUnreferencedBlobs(transact: Transact): Promise<number> {
  const ofSteps = sql`delete from blob where hash in (select hash from blob
    where not exists (select 1 from step where step.blob = blob.hash) limit ${batch})`;
  const ofEvents = sql`delete from record_blob where hash in (select hash from record_blob
    where not exists (select 1 from record_link where record_link.hash = record_blob.hash) limit ${batch})`;
  return (await removeAll(transact, "blob", ofSteps)) + (await removeAll(transact, "record_blob", ofEvents));
}

/**
 * The lock keeps writers out for that moment: one that found its text stored already must not find it gone when it
 * refers to it.
 */
async function removeAll(
  transact: Transact,
  table: "blob" | "record_blob",
  statement: RawBuilder<unknown>,
): Promise<number> {
  for (let all = 0; ;) {
    const removed = await transact(async (transaction) => {
      await sql`lock table ${sql.table(table)} in share row exclusive mode`.execute(transaction);
      return Number((await statement.execute(transaction)).numAffectedRows ?? 0n);
    });
    all += removed;
    if (removed < batch) return all;
  }
}

/** Frees the space of removed rows for new ones, since nothing else does it in an embedded database. */
export async function reclaimSpace(db: Database): Promise<void> {
  const names = sql.join(storedTables.map(({ name }) => sql.table(name)));
  // a large server takes longer than a statement may, and has its own ways
  await sql`vacuum ${names}`.execute(db).catch(() => undefined);
}
