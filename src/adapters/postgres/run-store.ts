import { sql } from "kysely";
import { RepairError } from "../../domain/errors.ts";
import { issueKey } from "../../domain/issue.ts";
import { canAdvance, type RunRequest, type RunState } from "../../domain/run.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Job } from "../../ports/job-queue.ts";
import type { Claim, RequestOutcome, RunStore } from "../../ports/run-store.ts";
import { newRunId, runOf, stateColumns, type RunRow } from "./run-record.ts";
import type { Enqueue, ForgetUnfinishedJobs } from "./jobs.ts";
import type { Database, DatabaseTransaction, Transact } from "./tables.ts";

type RunStoreParts = {
  readonly db: Database;
  readonly transact: Transact;
  readonly enqueue: Enqueue;
  readonly forgetUnfinishedJobs: ForgetUnfinishedJobs;
  readonly clock: Clock;
};

/** The row of the claim's run, locked, or null when the claim is no longer the run's latest. */
export async function heldRow(transaction: DatabaseTransaction, claim: Claim): Promise<RunRow | null> {
  const row = await transaction
    .selectFrom("run")
    .selectAll()
    .where("id", "=", claim.run.id)
    .where("owner", "=", claim.owner)
    .where("fence", "=", claim.fence)
    .where("at", "=", "running")
    .forUpdate()
    .executeTakeFirst();
  return row ?? null;
}

export const leaseLost = (claim: Claim): RepairError =>
  new RepairError("lease-lost", `${claim.owner} no longer holds run ${claim.run.id}.`, {
    data: { run: claim.run.id, owner: claim.owner, fence: claim.fence },
  });

/** Deliveries and runs in our own tables; whatever has to be worked on is queued in the same transaction. */
export function createRunStore(parts: RunStoreParts): RunStore {
  const { db, transact, enqueue, clock } = parts;

  async function move(transaction: DatabaseTransaction, id: string, state: RunState): Promise<RunRow> {
    const kept = state.at === "running" ? {} : { owner: null };
    return transaction
      .updateTable("run")
      .set({ ...stateColumns(state), ...kept, changed_at: new Date(clock.now()) })
      .where("id", "=", id)
      .returningAll()
      .executeTakeFirstOrThrow();
  }

  return {
    receive: (delivery) =>
      transact(async (transaction) => {
        const stored = await transaction
          .insertInto("delivery")
          .values({
            id: delivery.id,
            event: delivery.event,
            payload: JSON.stringify(delivery.payload),
            received_at: new Date(clock.now()),
          })
          .onConflict((conflict) => conflict.doNothing())
          .returning("id")
          .executeTakeFirst();
        if (stored === undefined) return "duplicate";
        await enqueue(transaction, [{ kind: "delivery", id: delivery.id }]);
        return "stored";
      }),

    async delivery(id) {
      const row = await db.selectFrom("delivery").selectAll().where("id", "=", id).executeTakeFirst();
      return row === undefined ? null : { id, event: row.event, payload: JSON.parse(row.payload) };
    },

    async finishDelivery(id) {
      const handled_at = new Date(clock.now());
      await db.updateTable("delivery").set({ handled_at }).where("id", "=", id).execute();
    },

    request: (request) =>
      transact(async (transaction) => {
        const inserted = await insertRun(transaction, request, clock.now());
        if (inserted.kind === "created") await enqueue(transaction, [{ kind: "run", id: inserted.run.id }]);
        return inserted;
      }),

    async run(id) {
      const row = await db.selectFrom("run").selectAll().where("id", "=", id).executeTakeFirst();
      return row === undefined ? null : runOf(row);
    },

    async recent(limit) {
      const rows = await db.selectFrom("run").selectAll().orderBy("sequence", "desc").limit(limit).execute();
      return rows.map(runOf);
    },

    async claim(runId, owner) {
      const row = await db
        .updateTable("run")
        .set({
          ...stateColumns({ at: "running", stage: "checkout" }),
          owner,
          fence: sql<number>`fence + 1`,
          changed_at: new Date(clock.now()),
        })
        .where("id", "=", runId)
        .where("at", "=", "queued")
        .returningAll()
        .executeTakeFirst();
      return row === undefined ? null : { run: runOf(row), owner, fence: row.fence };
    },

    advance: (claim, state) =>
      transact(async (transaction) => {
        const row = await heldRow(transaction, claim);
        if (row === null || !canAdvance(runOf(row).state, state)) throw leaseLost(claim);
        if (state.at === "queued") await enqueue(transaction, [jobOf(row)]);
        return runOf(await move(transaction, row.id, state));
      }),

    release: (claim) =>
      transact(async (transaction) => {
        const row = await heldRow(transaction, claim);
        if (row === null) return;
        const { at } = await move(transaction, row.id, stateAfterInterruption(row));
        if (at === "queued") await enqueue(transaction, [jobOf(row)]);
      }),

    requestCancel: (runId, by) =>
      transact(async (transaction) => {
        const row = await transaction
          .selectFrom("run")
          .selectAll()
          .where("id", "=", runId)
          .where("at", "in", ["queued", "running"])
          .forUpdate()
          .executeTakeFirst();
        if (row === undefined) return null;
        if (row.at === "queued") {
          await move(transaction, runId, { at: "cancelled", by });
          return "cancelled";
        }
        await transaction.updateTable("run").set({ cancel_by: by }).where("id", "=", runId).execute();
        return "requested";
      }),

    async cancelRequested(claim) {
      const row = await db
        .selectFrom("run")
        .select("cancel_by")
        .where("id", "=", claim.run.id)
        .where("owner", "=", claim.owner)
        .where("fence", "=", claim.fence)
        .executeTakeFirst();
      return row?.cancel_by ?? null;
    },

    recover: () =>
      transact(async (transaction) => {
        await parts.forgetUnfinishedJobs(transaction);
        const inOrder = transaction.selectFrom("run").selectAll().orderBy("sequence");
        const cutOff = await inOrder.where("at", "=", "running").execute();
        for (const row of cutOff) await move(transaction, row.id, stateAfterInterruption(row));
        const waiting = await inOrder.where("at", "=", "queued").execute();
        const unhandled = await transaction
          .selectFrom("delivery")
          .select("id")
          .where("handled_at", "is", null)
          .orderBy("received_at")
          .execute();
        await enqueue(transaction, [
          ...waiting.map(jobOf),
          ...unhandled.map(({ id }): Job => ({ kind: "delivery", id })),
        ]);
        return cutOff.length;
      }),
  };
}

/** A run that stopped without an end goes on later, unless someone wanted it to stop anyway. */
const stateAfterInterruption = (row: RunRow): RunState =>
  row.cancel_by === null ? { at: "queued" } : { at: "cancelled", by: row.cancel_by };

const jobOf = (row: RunRow): Job => ({ kind: "run", id: row.id });

async function insertRun(
  transaction: DatabaseTransaction,
  request: RunRequest,
  now: number,
): Promise<RequestOutcome> {
  const { kind, installation, issue, trigger } = request;
  const issue_key = issueKey(issue.ref);
  const earlier = transaction.selectFrom("run").where("issue_key", "=", issue_key);
  const { count } = await earlier
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  const inserted = await transaction
    .insertInto("run")
    .values({
      id: newRunId(now),
      issue_key,
      trigger_delivery: trigger.delivery,
      attempt: count + 1,
      request: JSON.stringify({ kind, installation, issue, trigger }),
      ...stateColumns({ at: "queued" }),
      fence: 0,
      created_at: new Date(now),
      changed_at: new Date(now),
    })
    // Either unique index may speak: a live run of the issue, or this delivery's own earlier run.
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
  if (inserted !== undefined) return { kind: "created", run: runOf(inserted) };
  const existing = await earlier
    .selectAll()
    .where((eb) =>
      eb.or([eb("at", "in", ["queued", "running"]), eb("trigger_delivery", "=", trigger.delivery)]),
    )
    .orderBy("sequence", "desc")
    .executeTakeFirstOrThrow();
  return { kind: "already-live", run: runOf(existing) };
}
