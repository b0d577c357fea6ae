import { sql, type RawBuilder } from "kysely";
import type { RunEvent } from "../../domain/run.ts";
import type { Claim, Orders, RunStore } from "../../ports/run-store.ts";
import { createChoice } from "./run-choice.ts";
import { runOf, type RunRow } from "./run-record.ts";
import { heldRow, leaseLost, lockFor, moveRow, type StoreParts } from "./run-rows.ts";
import type { DatabaseTransaction } from "./tables.ts";

type RunClaims = Pick<RunStore, "claim" | "heartbeat" | "advance" | "release">;

export function createRunClaims(parts: StoreParts, leaseMs: number): RunClaims {
  const { transact, clock } = parts;
  const choose = createChoice(parts);

  return {
    claim: (owner, limits) =>
      transact(async (transaction) => {
        await lockFor(transaction, "claims of runs");
        const row = await choose(transaction, limits);
        if (row === null) return null;
        const now = new Date(clock.now());
        const claimed = await moveRow(
          parts,
          transaction,
          row,
          { kind: "claimed", owner },
          {
            owner,
            fence: row.fence + 1,
            claimed_at: now,
            started_at: startOf(row, now),
          },
        );
        // whoever cancelled it in this moment was faster
        if (claimed === null) return null;
        await extend(transaction, row.id, leaseMs);
        return claimOf(claimed, owner, now);
      }),

    heartbeat: (claim, tokens = 0) =>
      transact(async (transaction) => {
        const row = await heldRow(transaction, claim);
        if (row === null) throw leaseLost(claim);
        await extend(transaction, row.id, leaseMs, tokens > row.tokens ? { tokens } : {});
        return ordersOf(row);
      }),

    advance: (claim, event, tokens) =>
      transact(async (transaction) => {
        const row = await heldRow(transaction, claim);
        if (row === null) throw leaseLost(claim);
        const counted = tokens === undefined ? {} : { tokens: Math.max(row.tokens, tokens) };
        const moved =
          event.kind === "postponed"
            ? await postpone(parts, transaction, row, event, counted)
            : await moveRow(parts, transaction, row, event, counted);
        if (moved === null) throw leaseLost(claim);
        return runOf(moved);
      }),

    release: (claim) =>
      transact(async (transaction) => {
        const row = await heldRow(transaction, claim);
        if (row === null) return;
        await interrupt(parts, transaction, row, "shutdown");
      }),
  };
}

const fromNow = (milliseconds: number): RawBuilder<Date> =>
  sql<Date>`clock_timestamp() + make_interval(secs => ${milliseconds / 1000})`;

async function extend(
  transaction: DatabaseTransaction,
  id: string,
  leaseMs: number,
  counted: { readonly tokens?: number } = {},
): Promise<void> {
  await transaction
    .updateTable("run")
    .set({ lease_until: fromNow(leaseMs), ...counted })
    .where("id", "=", id)
    .execute();
}

/** The first claim, later by what the run has waited since: only its own time counts against its limit. */
function startOf({ started_at, changed_at }: RunRow, now: Date): Date {
  if (started_at === null) return now;
  const waited = Math.max(0, now.getTime() - changed_at.getTime());
  return new Date(started_at.getTime() + waited);
}

/** The end of a run whose place is taken: it cannot wait any more, since an issue has one queued run. */
function makingWay({ successor, cancel_by }: RunRow): RunEvent | null {
  if (successor === null || cancel_by === null) return null;
  return { kind: "ended", state: { at: "cancelled", by: cancel_by, successor } };
}

/** One that was cancelled in the meantime does not wait: its next claim says so and ends it. */
async function postpone(
  parts: StoreParts,
  transaction: DatabaseTransaction,
  row: RunRow,
  event: RunEvent,
  counted: { readonly tokens?: number },
): Promise<RunRow | null> {
  const end = makingWay(row);
  if (end !== null) return moveRow(parts, transaction, row, end, counted);
  const columns = { ...counted, postponements: row.postponements + 1 };
  const atOnce = row.cancel_by === null ? {} : { not_before: null };
  return moveRow(parts, transaction, row, event, { ...columns, ...atOnce });
}

/** Puts a run that stopped without an end back into the queue. */
export async function interrupt(
  parts: StoreParts,
  transaction: DatabaseTransaction,
  row: RunRow,
  why: "shutdown" | "lease-expired" | "process-ended",
): Promise<void> {
  const end = makingWay(row);
  if (end !== null) {
    await moveRow(parts, transaction, row, end);
    return;
  }
  const crashes = why === "shutdown" ? row.crashes : row.crashes + 1;
  await moveRow(parts, transaction, row, { kind: "interrupted", why }, { crashes });
}

const ordersOf = ({ cancel_by, successor, stop_by }: RunRow): Orders => ({
  cancel: cancel_by === null ? null : { by: cancel_by, successor },
  stop: stop_by,
});

const claimOf = (row: RunRow, owner: string, now: Date): Claim => ({
  run: runOf(row),
  owner,
  fence: row.fence,
  orders: ordersOf(row),
  crashes: row.crashes,
  postponements: row.postponements,
  startedAt: (row.started_at ?? now).getTime(),
});
