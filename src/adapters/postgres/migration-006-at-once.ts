import type { Kysely, Migration } from "kysely";

/** How many runs a repository lets work at the same time is its own to say, so each of its runs brings the number. */
export const atOnce: Migration = {
  async up(db: Kysely<never>) {
    await db.schema.alterTable("run").addColumn("at_once", "integer").execute();
  },
};
