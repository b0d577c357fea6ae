import { type ExpressionBuilder, type ExpressionWrapper, type SqlBool, sql } from "kysely";
import { repoSlug } from "../../domain/issue.ts";
import type { Clock } from "../../ports/clock.ts";
import type { FileCopies, FilePlace } from "../../ports/file-copies.ts";
import type { DataScope } from "../../ports/kept-data.ts";
import type { Database, Tables } from "./tables.ts";

const dayMs = 24 * 60 * 60 * 1_000;

const keyOf = ({ installation, repo, path }: FilePlace) => ({
  installation,
  repository: repoSlug(repo).toLowerCase(),
  path,
});

/** One row a file. One that is read again unchanged is written once a day, so that it does not age out. */
export const createFileCopies = ({
  db,
  clock,
}: {
  readonly db: Database;
  readonly clock: Clock;
}): FileCopies => ({
  async find(place) {
    const { installation, repository, path } = keyOf(place);
    const row = await db
      .selectFrom("file_copy")
      .select("content")
      .where("installation", "=", installation)
      .where("repository", "=", repository)
      .where("path", "=", path)
      .executeTakeFirst();
    return row?.content;
  },

  async keep(place, content) {
    const read_at = new Date(clock.now());
    await db
      .insertInto("file_copy")
      .values({ ...keyOf(place), content, read_at })
      .onConflict((conflict) =>
        conflict
          .columns(["installation", "repository", "path"])
          .doUpdateSet({ content, read_at })
          .where((eb) =>
            eb.or([
              sql<boolean>`file_copy.content is distinct from excluded.content`,
              eb("file_copy.read_at", "<", new Date(clock.now() - dayMs)),
            ]),
          ),
      )
      .execute();
  },
});

/** Condition for the copies of a scope; an issue has none. */
export function copiesOf(scope: DataScope) {
  return (eb: ExpressionBuilder<Tables, "file_copy">): ExpressionWrapper<Tables, "file_copy", SqlBool> => {
    switch (scope.kind) {
      case "issue":
        return eb("path", "is", null);
      case "repository":
        return eb("repository", "=", repoSlug(scope.repo).toLowerCase());
      case "installation":
        return eb("installation", "=", scope.installation);
    }
  };
}
