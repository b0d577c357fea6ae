import type { Kysely, Migration } from "kysely";

/** Every claim asks when each waiting installation had its last turn; without it that reads all runs there ever were. */
export const turns: Migration = {
  async up(db: Kysely<never>) {
    await db.schema.createIndex("run_turn").on("run").columns(["installation", "claimed_at"]).execute();
  },
};
