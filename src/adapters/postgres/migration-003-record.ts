import type { Kysely, Migration } from "kysely";

/** The record of runs: events that are only added, texts once per content, and which event refers to which text. */
export const record: Migration = {
  async up(db: Kysely<never>) {
    await db.schema
      .createTable("record_event")
      .addColumn("sequence", "bigint", (column) => column.generatedAlwaysAsIdentity().unique())
      .addColumn("id", "text", (column) => column.primaryKey())
      .addColumn("run_id", "text", (column) => column.notNull().references("run.id").onDelete("cascade"))
      .addColumn("schema_version", "integer", (column) => column.notNull())
      .addColumn("kind", "text", (column) => column.notNull())
      .addColumn("happened_at", "timestamptz", (column) => column.notNull())
      .addColumn("event", "text", (column) => column.notNull())
      .execute();
    await db.schema
      .createIndex("record_event_run")
      .on("record_event")
      .columns(["run_id", "sequence"])
      .execute();
    await db.schema
      .createTable("record_blob")
      .addColumn("hash", "text", (column) => column.primaryKey())
      .addColumn("content", "bytea", (column) => column.notNull())
      .execute();
    await db.schema
      .createTable("record_link")
      .addColumn("event_id", "text", (column) =>
        column.notNull().references("record_event.id").onDelete("cascade"),
      )
      .addColumn("hash", "text", (column) => column.notNull().references("record_blob.hash"))
      .addPrimaryKeyConstraint("record_link_key", ["event_id", "hash"])
      .execute();
    await db.schema.createIndex("record_link_hash").on("record_link").column("hash").execute();
    await db.schema
      .createTable("forgotten")
      .addColumn("what", "text", (column) => column.notNull())
      .addColumn("name", "text", (column) => column.notNull())
      .addColumn("forgotten_at", "timestamptz", (column) => column.notNull())
      .addPrimaryKeyConstraint("forgotten_key", ["what", "name"])
      .execute();
    // to find blobs that nobody refers to any more
    await db.schema.createIndex("step_blob").on("step").column("blob").execute();
    await db.schema
      .createIndex("run_pull_request")
      .on("run")
      .columns(["repository", "pull_request"])
      .execute();
  },
};
