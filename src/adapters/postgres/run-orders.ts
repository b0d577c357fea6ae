import type { RunStore } from "../../ports/run-store.ts";
import { moveRow, type StoreParts } from "./run-rows.ts";

type Order = "cancel_by" | "stop_by";

/** What people want of a run: its end, or its best so far. */
export function createRunOrders(parts: StoreParts): Pick<RunStore, "requestCancel" | "requestStop"> {
  const order = (runId: string, by: string, column: Order) =>
    parts.transact(async (transaction) => {
      const row = await transaction
        .selectFrom("run")
        .selectAll()
        .where("id", "=", runId)
        .where("at", "in", ["queued", "running"])
        .forUpdate()
        .executeTakeFirst();
      if (row === undefined) return null;
      const begun = row.started_at !== null;
      if (row.at === "queued" && column === "stop_by" && begun) {
        // it has something to finish with, so it does not wait any longer
        const orders = { stop_by: row.stop_by ?? by, not_before: null };
        await transaction.updateTable("run").set(orders).where("id", "=", runId).execute();
        await parts.enqueue(transaction, [{ kind: "run", id: runId }]);
        return "requested" as const;
      }
      if (row.at === "queued") {
        await moveRow(parts, transaction, row, { kind: "ended", state: { at: "cancelled", by } });
        return "cancelled" as const;
      }
      // who asked first is who is named
      if (row[column] === null) {
        await transaction
          .updateTable("run")
          .set({ [column]: by })
          .where("id", "=", runId)
          .execute();
      }
      return "requested" as const;
    });
  return {
    requestCancel: (runId, by) => order(runId, by, "cancel_by"),
    requestStop: (runId, by) => order(runId, by, "stop_by"),
  };
}
