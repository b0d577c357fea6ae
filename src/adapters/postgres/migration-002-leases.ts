import { type Kysely, type Migration, sql } from "kysely";
import { z } from "zod";

const Stored = z.object({
  kind: z.string().default("repair"),
  installation: z.number(),
  issue: z.object({
    ref: z.object({ repo: z.object({ owner: z.string(), name: z.string() }), number: z.number() }),
  }),
});

/** As of this migration; later shapes of the tables must not change what it did. */
type Before = {
  run: { id: string; request: string; kind: string; installation: number; repository: string };
};

/** Leases, priorities, limits and history of runs; one queued and one running run of an issue instead of one live. */
export const leases: Migration = {
  async up(db: Kysely<Before>) {
    await db.schema
      .alterTable("run")
      .addColumn("kind", "text", (column) => column.notNull().defaultTo("repair"))
      .addColumn("installation", "bigint", (column) => column.notNull().defaultTo(0))
      .addColumn("repository", "text", (column) => column.notNull().defaultTo(""))
      .addColumn("priority", "integer", (column) => column.notNull().defaultTo(0))
      .addColumn("not_before", "timestamptz")
      .addColumn("lease_until", "timestamptz")
      .addColumn("claimed_at", "timestamptz")
      .addColumn("started_at", "timestamptz")
      .addColumn("stop_by", "text")
      .addColumn("successor", "text")
      .addColumn("crashes", "integer", (column) => column.notNull().defaultTo(0))
      .addColumn("postponements", "integer", (column) => column.notNull().defaultTo(0))
      .addColumn("tokens", "bigint", (column) => column.notNull().defaultTo(0))
      .addColumn("pull_request", "integer")
      .addColumn("pull_request_open", "boolean", (column) => column.notNull().defaultTo(false))
      .execute();
    // in the program, since PostgreSQL's JSON refuses the NUL characters that an issue may hold
    for (const { id, request } of await db.selectFrom("run").select(["id", "request"]).execute()) {
      const { kind, installation, issue } = Stored.parse(JSON.parse(request));
      const repository = `${issue.ref.repo.owner}/${issue.ref.repo.name}`.toLowerCase();
      await db.updateTable("run").set({ kind, installation, repository }).where("id", "=", id).execute();
    }
    // nobody is at work on these: whoever was, was alone and is gone
    await sql`update run set lease_until = now() where at = 'running'`.execute(db);
    await sql`drop index run_live_issue`.execute(db);
    await sql`create unique index run_queued_issue on run (issue_key) where at = 'queued'`.execute(db);
    await sql`create unique index run_running_issue on run (issue_key) where at = 'running'`.execute(db);
    await db.schema.createIndex("run_repository").on("run").columns(["repository", "created_at"]).execute();
    await db.schema.createIndex("run_trigger").on("run").column("trigger_delivery").execute();
    await db.schema
      .createIndex("run_live")
      .on("run")
      .column("at")
      .where(sql.ref("at"), "in", sql`('queued', 'running')`)
      .execute();
    await db.schema
      .createTable("run_transition")
      .addColumn("sequence", "bigint", (column) => column.generatedAlwaysAsIdentity().primaryKey())
      .addColumn("run_id", "text", (column) => column.notNull().references("run.id").onDelete("cascade"))
      .addColumn("happened_at", "timestamptz", (column) => column.notNull())
      .addColumn("cause", "text", (column) => column.notNull())
      .addColumn("state", "text", (column) => column.notNull())
      .execute();
    await db.schema
      .createIndex("run_transition_run")
      .on("run_transition")
      .columns(["run_id", "sequence"])
      .execute();
    await db.schema
      .alterTable("delivery")
      .addColumn("queued_at", "timestamptz", (column) => column.notNull().defaultTo(sql`now()`))
      .addColumn("tries", "integer", (column) => column.notNull().defaultTo(0))
      .execute();
    await db.schema
      .createTable("duty")
      .addColumn("name", "text", (column) => column.primaryKey())
      .addColumn("taken_until", "timestamptz", (column) => column.notNull())
      .execute();
  },
};
