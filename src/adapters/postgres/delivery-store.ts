import { sql } from "kysely";
import type { Job } from "../../ports/job-queue.ts";
import type { Delivery, RunStore } from "../../ports/run-store.ts";
import { createGroupCommit } from "./group-commit.ts";
import type { StoreParts } from "./run-rows.ts";
import type { DatabaseTransaction } from "./tables.ts";

type DeliveryStore = Pick<RunStore, "receive" | "delivery" | "unknownDeliveries" | "finishDelivery">;

export function createDeliveryStore(parts: StoreParts): DeliveryStore {
  const { db, clock } = parts;
  return {
    receive: createGroupCommit((deliveries: readonly Delivery[]) => storeDeliveries(parts, deliveries)),

    async delivery(id) {
      const unhandled = db.selectFrom("delivery").selectAll().where("handled_at", "is", null);
      const row = await unhandled.where("id", "=", id).executeTakeFirst();
      return row === undefined ? null : { id, event: row.event, payload: JSON.parse(row.payload) };
    },

    async unknownDeliveries(ids) {
      if (ids.length === 0) return [];
      const rows = await db
        .selectFrom("delivery")
        .select("id")
        // one parameter, however many were lost: a statement has 65,535 at most
        .where(sql<boolean>`id = any(${[...ids]}::text[])`)
        .execute();
      const known = new Set(rows.map(({ id }) => id));
      return ids.filter((id) => !known.has(id));
    },

    async finishDelivery(id) {
      const handled_at = new Date(clock.now());
      await db.updateTable("delivery").set({ handled_at }).where("id", "=", id).execute();
    },
  };
}

/** Stores what is new, each id once, and queues its handling. */
async function storeDeliveries(
  { transact, enqueue, clock }: StoreParts,
  deliveries: readonly Delivery[],
): Promise<readonly ("stored" | "duplicate")[]> {
  const now = new Date(clock.now());
  const first = new Map(deliveries.toReversed().map((delivery) => [delivery.id, delivery]));
  // in one order, so that two processes that were sent the same deliveries do not wait for each other
  const rows = [...first.values()]
    .map(({ id, event, payload }) => ({
      id,
      event,
      payload: JSON.stringify(payload),
      received_at: now,
      queued_at: now,
    }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const stored = await transact(async (transaction) => {
    const inserted = await transaction
      .insertInto("delivery")
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .returning("id")
      .execute();
    const ids = new Set(inserted.map(({ id }) => id));
    const inOrder = [...new Set(deliveries.map(({ id }) => id))].filter((id) => ids.has(id));
    await enqueue(
      transaction,
      inOrder.map((id): Job => ({ kind: "delivery", id })),
    );
    return ids;
  });
  return deliveries.map((delivery) =>
    stored.has(delivery.id) && first.get(delivery.id) === delivery ? "stored" : "duplicate",
  );
}

/** Minutes after which a delivery that nobody finished is queued again, twice as long after each time. */
const patience = 2;

/** Queues again what was queued long ago and is not handled; `all` does not wait. */
export async function requeueDeliveries(
  { enqueue, clock }: StoreParts,
  transaction: DatabaseTransaction,
  all: boolean,
): Promise<void> {
  const now = new Date(clock.now());
  const rows = await transaction
    .updateTable("delivery")
    .set({ queued_at: now, tries: sql<number>`tries + 1` })
    .where("handled_at", "is", null)
    .$if(!all, (update) =>
      update.where(
        sql<boolean>`queued_at + make_interval(mins => ${patience} * (1 << least(tries, 10))) < ${now}`,
      ),
    )
    .returning(["id", "received_at"])
    .execute();
  const inOrder = rows.toSorted((a, b) => a.received_at.getTime() - b.received_at.getTime());
  await enqueue(
    transaction,
    inOrder.map(({ id }): Job => ({ kind: "delivery", id })),
  );
}
