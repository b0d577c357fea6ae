import type { Kysely, Migration } from "kysely";

/** Settings files as they were read last: a restart while GitHub cannot be read must not lose them. */
export const fileCopies: Migration = {
  async up(db: Kysely<never>) {
    await db.schema
      .createTable("file_copy")
      .addColumn("installation", "bigint", (column) => column.notNull())
      .addColumn("repository", "text", (column) => column.notNull())
      .addColumn("path", "text", (column) => column.notNull())
      .addColumn("content", "bytea")
      .addColumn("read_at", "timestamptz", (column) => column.notNull())
      .addPrimaryKeyConstraint("file_copy_key", ["installation", "repository", "path"])
      .execute();
  },
};
