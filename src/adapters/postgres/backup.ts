import { sql } from "kysely";
import { z } from "zod";
import { RepairError } from "../../domain/errors.ts";
import type { StoreBackup } from "../../ports/kept-data.ts";
import { enqueueWaitingRuns, type Enqueue } from "./jobs.ts";
import {
  decoded,
  encoded,
  insertRows,
  type Row,
  rowsOf,
  type StoredTable,
  storedTables,
} from "./stored-rows.ts";
import type { DatabaseTransaction, Transact } from "./tables.ts";

/** Raised when the lines change their form. */
const formatVersion = 1;

const Header = z.object({
  copatcher: z.literal("store"),
  version: z.number(),
  migrations: z.array(z.string()),
});
const Line = z.object({ table: z.string(), row: z.record(z.string(), z.unknown()) });
/** The last line, so that a file that was cut off is known for one. */
const End = z.object({ rows: z.number() });

const batchRows = 50;

/** Works on PGlite and on a server alike: rows as JSON, in an order that can be inserted. */
export function createBackup({
  transact,
  enqueue,
}: {
  readonly transact: Transact;
  readonly enqueue: Enqueue;
}): StoreBackup {
  return {
    backup: (write) =>
      transact(async (transaction) => {
        await sql`set transaction isolation level repeatable read, read only`.execute(transaction);
        await withoutTimeouts(transaction);
        const migrations = await migrationsOf(transaction);
        await write({ copatcher: "store", version: formatVersion, migrations });
        let rows = 0;
        for (const table of storedTables) {
          for await (const row of rowsOf(transaction, table)) {
            await write({ table: table.name, row: encoded(row) });
            rows += 1;
          }
        }
        await write({ rows });
        return rows;
      }),

    restore: (values) =>
      transact(async (transaction) => {
        await withoutTimeouts(transaction);
        await requireEmpty(transaction);
        const rows = await insertAll(transaction, values, await migrationsOf(transaction));
        await enqueueWaitingRuns(transaction, enqueue);
        return rows;
      }),
  };
}

/** Files may be slow, and a store large. */
async function withoutTimeouts(transaction: DatabaseTransaction): Promise<void> {
  await sql`set local statement_timeout = 0`.execute(transaction);
  await sql`set local idle_in_transaction_session_timeout = 0`.execute(transaction);
}

async function migrationsOf(transaction: DatabaseTransaction): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(
    transaction,
  );
  return rows.map(({ name }) => name);
}

async function requireEmpty(transaction: DatabaseTransaction): Promise<void> {
  for (const { name } of storedTables) {
    const { rows } = await sql`select 1 from ${sql.table(name)} limit 1`.execute(transaction);
    if (rows.length > 0) throw new RepairError("usage", "This store is not empty; restore into a new one.");
  }
}

async function insertAll(
  transaction: DatabaseTransaction,
  values: AsyncIterable<unknown>,
  migrations: readonly string[],
): Promise<number> {
  let header: z.infer<typeof Header> | null = null;
  let end: number | null = null;
  let count = 0;
  let batch: Row[] = [];
  let current = storedTables[0];
  const insert = async (): Promise<void> => {
    if (current !== undefined) await insertWhole(transaction, current, batch);
    batch = [];
  };
  for await (const value of values) {
    if (header === null) {
      header = headerOf(value, migrations);
      continue;
    }
    const closing = End.safeParse(value);
    if (closing.success) {
      end = closing.data.rows;
      continue;
    }
    const line = Line.safeParse(value);
    const table = storedTables.find(({ name }) => name === line.data?.table);
    if (!line.success || table === undefined) throw notOurs("it holds a line of no known kind");
    if (table !== current || batch.length >= batchRows) await insert();
    current = table;
    batch.push(decoded(line.data.row, table));
    count += 1;
  }
  await insert();
  if (end !== count) throw notOurs("it ends too early");
  return count;
}

function headerOf(value: unknown, migrations: readonly string[]): z.infer<typeof Header> {
  const header = Header.safeParse(value);
  if (!header.success) throw notOurs("it does not begin like one");
  const { version, migrations: theirs } = header.data;
  if (version === formatVersion && theirs.join() === migrations.join()) return header.data;
  const last = theirs.at(-1) ?? "none";
  throw new RepairError(
    "usage",
    `The backup is of another version (its tables are as of ${last}, this program's as of ${migrations.at(-1) ?? "none"}). ` +
      "Restore it with the version that made it, then start the newer one on the restored store.",
  );
}

/** What the database says of rows that lack others or have other columns: data, integrity and naming errors. */
const misfit = /^(22|23|42)/;

async function insertWhole(
  transaction: DatabaseTransaction,
  table: StoredTable,
  rows: readonly Row[],
): Promise<void> {
  try {
    await insertRows(transaction, table, rows);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    throw misfit.test(code) ? notOurs(`rows of ${table.name} do not fit`, error) : error;
  }
}

const notOurs = (why: string, cause?: unknown): RepairError =>
  new RepairError("usage", `This is no whole backup of a Copatcher store: ${why}.`, { cause });
