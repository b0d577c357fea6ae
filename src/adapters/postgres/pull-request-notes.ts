import type { RunStore } from "../../ports/run-store.ts";
import { repositoryKey } from "./run-requests.ts";
import { heldRow, leaseLost, openedColumns, type StoreParts } from "./run-rows.ts";

/** What became of the pull requests that runs opened. */
export function createPullRequestNotes({
  db,
  transact,
}: Pick<StoreParts, "db" | "transact">): Pick<RunStore, "noteOpened" | "notePullRequest"> {
  return {
    noteOpened: (claim, number) =>
      transact(async (transaction) => {
        const row = await heldRow(transaction, claim);
        if (row === null) throw leaseLost(claim);
        const columns = { pull_request: number, ...openedColumns(row, number) };
        await transaction.updateTable("run").set(columns).where("id", "=", row.id).execute();
      }),

    async notePullRequest(repo, number, open, at) {
      const time = at === undefined ? null : new Date(at);
      await db
        .updateTable("run")
        .set({ pull_request_open: open, ...(time === null ? {} : { pull_request_at: time }) })
        .where("repository", "=", repositoryKey(repo))
        .where("pull_request", "=", number)
        .$if(time !== null, (update) =>
          update.where((eb) => eb.or([eb("pull_request_at", "is", null), eb("pull_request_at", "<=", time)])),
        )
        .execute();
    },
  };
}
