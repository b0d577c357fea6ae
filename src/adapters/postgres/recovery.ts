import { sql } from "kysely";
import type { RunStore } from "../../ports/run-store.ts";
import { requeueDeliveries } from "./delivery-store.ts";
import { enqueueWaitingRuns, type ForgetUnfinishedJobs } from "./jobs.ts";
import { interrupt } from "./run-claims.ts";
import type { StoreParts } from "./run-rows.ts";

/** Who the store belongs to: this process alone, or a worker among others, whose claims begin with its name. */
export type StoreUser =
  | { readonly alone: true; readonly forgetUnfinishedJobs: ForgetUnfinishedJobs }
  | { readonly alone: false; readonly worker: string };

/** Longer than any lease: one that ends later was given by a clock that was wrong, and its holder extends it anyway. */
const longestLeaseMs = 2 * 60 * 60 * 1000;

const inMs = (milliseconds: number) =>
  sql<Date>`clock_timestamp() + make_interval(secs => ${milliseconds / 1000})`;

/**
 * Finds what nobody works on any more. The first call also takes back what this user's own earlier process left,
 * without waiting for its lease: that process is dead, or this one could not have the name.
 */
export function createRecovery(
  parts: StoreParts,
  user: StoreUser,
): Pick<RunStore, "recover" | "takeDuty" | "prolongDuty"> {
  let first = true;
  return {
    async recover() {
      const starting = first;
      const count = await parts.transact(async (transaction) => {
        if (starting && user.alone) await user.forgetUnfinishedJobs(transaction);
        const rows = await transaction
          .selectFrom("run")
          .selectAll()
          .where("at", "=", "running")
          .where((eb) => {
            const expired = eb.or([
              eb("lease_until", "<", sql<Date>`clock_timestamp()`),
              eb("lease_until", ">", inMs(longestLeaseMs)),
            ]);
            if (!starting) return expired;
            return user.alone
              ? sql<boolean>`true`
              : eb.or([expired, eb("owner", "like", `${user.worker}/%`)]);
          })
          .orderBy("sequence")
          .forUpdate()
          .skipLocked()
          .execute();
        for (const row of rows) {
          const own = starting && (user.alone || row.owner?.startsWith(`${user.worker}/`) === true);
          await interrupt(parts, transaction, row, own ? "process-ended" : "lease-expired");
        }
        if (starting && user.alone) await enqueueWaitingRuns(transaction, parts.enqueue);
        await requeueDeliveries(parts, transaction, starting && user.alone);
        return rows.length;
      });
      first = false;
      return count;
    },

    async takeDuty(name, milliseconds, longest = milliseconds) {
      const taken_until = inMs(milliseconds);
      const taken = await parts.db
        .insertInto("duty")
        .values({ name, taken_until })
        .onConflict((conflict) =>
          conflict
            .column("name")
            .doUpdateSet({ taken_until })
            // nobody takes it for longer, so a later end is that of a clock that was wrong
            .where((eb) =>
              eb.or([
                eb("duty.taken_until", "<", sql<Date>`clock_timestamp()`),
                eb("duty.taken_until", ">", inMs(longest)),
              ]),
            ),
        )
        .returning("name")
        .executeTakeFirst();
      return taken !== undefined;
    },

    async prolongDuty(name, milliseconds) {
      const taken_until = inMs(milliseconds);
      await parts.db.updateTable("duty").set({ taken_until }).where("name", "=", name).execute();
    },
  };
}
