import type { Kysely, Migration } from "kysely";

/** GitHub's deliveries come late and out of order, so what they say of a pull request has its time. */
export const pullRequestTimes: Migration = {
  async up(db: Kysely<never>) {
    await db.schema.alterTable("run").addColumn("pull_request_at", "timestamptz").execute();
  },
};
