import { sql } from "kysely";
import { z } from "zod";
import type { DatabaseTransaction, Tables } from "./tables.ts";

/** A table as it is handed out: the columns that order its rows, and those that a new store numbers anew. */
export type StoredTable = {
  readonly name: keyof Tables;
  readonly key: readonly string[];
  readonly numbered: string | null;
};

const table = (name: keyof Tables, key: readonly string[], numbered: string | null = null): StoredTable => ({
  name,
  key,
  numbered,
});

/** Every table but `duty`, whose rows only say who is at work now. A table comes after those that it refers to. */
export const storedTables: readonly StoredTable[] = [
  table("delivery", ["id"]),
  table("run", ["sequence"], "sequence"),
  table("run_transition", ["sequence"], "sequence"),
  table("blob", ["hash"]),
  table("step", ["run_id", "name", "inputs"]),
  table("record_blob", ["hash"]),
  table("record_event", ["sequence"], "sequence"),
  table("record_link", ["event_id", "hash"]),
  table("forgotten", ["what", "name"]),
  table("file_copy", ["installation", "repository", "path"]),
];

export type Row = Readonly<Record<string, unknown>>;

/** A few at a time: single rows may hold megabytes. */
const pageRows = 50;

/** All rows in the order of their key. */
export async function* rowsOf(
  transaction: DatabaseTransaction,
  { name, key }: StoredTable,
): AsyncIterable<Row> {
  let last: readonly unknown[] | null = null;
  for (;;) {
    const columns = sql.join(key.map((column) => sql.ref(column)));
    const after: ReturnType<typeof sql> =
      last === null ? sql`` : sql`where (${columns}) > (${sql.join(last)})`;
    const { rows } = await sql<Row>`select * from ${sql.table(name)} ${after}
      order by ${columns} limit ${pageRows}`.execute(transaction);
    yield* rows;
    const end = rows.at(-1);
    if (end === undefined || rows.length < pageRows) return;
    last = key.map((column) => end[column]);
  }
}

const Bytes = z.strictObject({ base64: z.string() });

/** A row as JSON can hold it. */
export const encoded = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      value instanceof Uint8Array ? { base64: Buffer.from(value).toString("base64") } : value,
    ]),
  );

/** An encoded row as it is inserted; dates are text that the database reads. */
export const decoded = (row: Row, { numbered }: StoredTable): Row =>
  Object.fromEntries(
    Object.entries(row).flatMap(([column, value]) => {
      if (column === numbered) return [];
      const bytes = Bytes.safeParse(value);
      return [[column, bytes.success ? Buffer.from(bytes.data.base64, "base64") : value]];
    }),
  );

export async function insertRows(
  transaction: DatabaseTransaction,
  { name }: StoredTable,
  rows: readonly Row[],
): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const columns = Object.keys(first);
  const values = rows.map((row) => sql`(${sql.join(columns.map((column) => row[column]))})`);
  await sql`insert into ${sql.table(name)} (${sql.join(columns.map((column) => sql.ref(column)))})
    values ${sql.join(values)}`.execute(transaction);
}
