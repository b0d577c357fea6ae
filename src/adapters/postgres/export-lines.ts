import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { DataScope } from "../../ports/kept-data.ts";
import { copiesOf } from "./file-copies.ts";
import { scopeDeliveries } from "./scope-deliveries.ts";
import { scopeRuns } from "./scope-runs.ts";
import { encoded, type Row } from "./stored-rows.ts";
import type { Database, Tables } from "./tables.ts";

const expand = promisify(gunzip);

/** Raised when the lines change their form. */
const formatVersion = 1;

const line = (table: keyof Tables, row: Row): unknown => ({ table, row: encoded(row) });

/** A scope's rows, a table's after those that it refers to; texts as they read, not as they are stored. */
export async function* exportLines(db: Database, scope: DataScope): AsyncIterable<unknown> {
  yield { copatcher: "data", version: formatVersion, scope };
  const runs = await scopeRuns(db, scope);
  const pulls = runs.flatMap(({ pull_request }) => pull_request ?? []);
  for await (const { id } of scopeDeliveries(db, scope, pulls)) {
    const row = await db.selectFrom("delivery").selectAll().where("id", "=", id).executeTakeFirst();
    if (row !== undefined) yield line("delivery", row);
  }
  const given = new Set<string>();
  for (const { id } of runs) yield* exportRun(db, id, given);
  const copies = db.selectFrom("file_copy").selectAll().where(copiesOf(scope)).orderBy("path");
  for (const row of await copies.execute()) yield line("file_copy", row);
}

async function* exportRun(db: Database, id: string, given: Set<string>): AsyncIterable<unknown> {
  const run = await db.selectFrom("run").selectAll().where("id", "=", id).executeTakeFirst();
  if (run === undefined) return;
  yield line("run", run);
  const history = db.selectFrom("run_transition").selectAll().where("run_id", "=", id).orderBy("sequence");
  for (const row of await history.execute()) yield line("run_transition", row);
  const steps = db.selectFrom("step").select(["name", "inputs"]).where("run_id", "=", id).orderBy("name");
  for (const { name, inputs } of await steps.execute()) {
    const step = db.selectFrom("step").selectAll().where("run_id", "=", id).where("name", "=", name);
    for (const row of await step.where("inputs", "=", inputs).execute()) {
      if (row.blob !== null) yield* exportBlob(db, row.blob, given);
      yield line("step", row);
    }
  }
  const events = db.selectFrom("record_event").select("id").where("run_id", "=", id).orderBy("sequence");
  for (const event of await events.execute()) yield* exportEvent(db, event.id, given);
}

async function* exportEvent(db: Database, id: string, given: Set<string>): AsyncIterable<unknown> {
  const links = await db.selectFrom("record_link").selectAll().where("event_id", "=", id).execute();
  for (const { hash } of links) {
    if (given.has(hash)) continue;
    given.add(hash);
    const blob = db.selectFrom("record_blob").select("content").where("hash", "=", hash);
    for (const { content } of await blob.execute()) {
      yield line("record_blob", { hash, text: (await expand(content)).toString("utf8") });
    }
  }
  const event = db.selectFrom("record_event").selectAll().where("id", "=", id);
  for (const row of await event.execute()) yield line("record_event", row);
  for (const link of links) yield line("record_link", link);
}

async function* exportBlob(db: Database, hash: string, given: Set<string>): AsyncIterable<unknown> {
  if (given.has(hash)) return;
  given.add(hash);
  for (const row of await db.selectFrom("blob").selectAll().where("hash", "=", hash).execute()) {
    yield line("blob", row);
  }
}
