import { type Kysely, type Migration, sql } from "kysely";
import { leases } from "./migration-002-leases.ts";
import { record } from "./migration-003-record.ts";
import { turns } from "./migration-004-turns.ts";
import { fileCopies } from "./migration-005-file-copies.ts";
import { atOnce } from "./migration-006-at-once.ts";
import { pullRequestTimes } from "./migration-007-pull-request-times.ts";

const firstTables: Migration = {
  async up(db: Kysely<never>) {
    await db.schema
      .createTable("delivery")
      .addColumn("id", "text", (column) => column.primaryKey())
      .addColumn("event", "text", (column) => column.notNull())
      .addColumn("payload", "text", (column) => column.notNull())
      .addColumn("received_at", "timestamptz", (column) => column.notNull())
      .addColumn("handled_at", "timestamptz")
      .execute();
    await db.schema
      .createIndex("delivery_unhandled")
      .on("delivery")
      .column("received_at")
      .where(sql.ref("handled_at"), "is", null)
      .execute();
    await db.schema
      .createTable("run")
      .addColumn("id", "text", (column) => column.primaryKey())
      .addColumn("sequence", "integer", (column) => column.generatedAlwaysAsIdentity().unique())
      .addColumn("issue_key", "text", (column) => column.notNull())
      .addColumn("trigger_delivery", "text", (column) => column.notNull())
      .addColumn("attempt", "integer", (column) => column.notNull())
      .addColumn("request", "text", (column) => column.notNull())
      .addColumn("at", "text", (column) => column.notNull())
      .addColumn("state", "text", (column) => column.notNull())
      .addColumn("owner", "text")
      .addColumn("fence", "integer", (column) => column.notNull())
      .addColumn("cancel_by", "text")
      .addColumn("created_at", "timestamptz", (column) => column.notNull())
      .addColumn("changed_at", "timestamptz", (column) => column.notNull())
      .addUniqueConstraint("run_issue_delivery", ["issue_key", "trigger_delivery"])
      .execute();
    await sql`create unique index run_live_issue on run (issue_key) where at in ('queued', 'running')`.execute(
      db,
    );
    await db.schema
      .createTable("blob")
      .addColumn("hash", "text", (column) => column.primaryKey())
      .addColumn("content", "text", (column) => column.notNull())
      .execute();
    await db.schema
      .createTable("step")
      .addColumn("run_id", "text", (column) => column.notNull().references("run.id").onDelete("cascade"))
      .addColumn("name", "text", (column) => column.notNull())
      .addColumn("inputs", "text", (column) => column.notNull())
      .addColumn("value", "text")
      .addColumn("blob", "text", (column) => column.references("blob.hash"))
      .addColumn("finished_at", "timestamptz", (column) => column.notNull())
      .addPrimaryKeyConstraint("step_key", ["run_id", "name", "inputs"])
      .addCheckConstraint("step_value_or_blob", sql`(value is null) <> (blob is null)`)
      .execute();
  },
};

/** Forward only, in the order of their names; a published one is never edited. */
export const migrations: Readonly<Record<string, Migration>> = {
  "001-first-tables": firstTables,
  "002-leases": leases,
  "003-record": record,
  "004-turns": turns,
  "005-file-copies": fileCopies,
  "006-at-once": atOnce,
  "007-pull-request-times": pullRequestTimes,
};
