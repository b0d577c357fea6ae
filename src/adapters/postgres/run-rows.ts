import { sql } from "kysely";
import { RepairError } from "../../domain/errors.ts";
import { causeOf, transition, type RunEvent } from "../../domain/run.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Logger } from "../../ports/logger.ts";
import type { Claim } from "../../ports/run-store.ts";
import type { Enqueue } from "./jobs.ts";
import { placeOf, stateColumns, type RunRow } from "./run-record.ts";
import type { Database, DatabaseTransaction, Transact } from "./tables.ts";

/** What the parts of the run store share. */
export type StoreParts = {
  readonly db: Database;
  readonly transact: Transact;
  readonly enqueue: Enqueue;
  readonly clock: Clock;
  readonly logger: Logger;
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

/** What a run that has opened this pull request has of it; once that is there, it is for people to change. */
export function openedColumns({ repository, pull_request }: RunRow, number: number) {
  if (pull_request === number) return {};
  // where an earlier run opened it, what people did then is not to be told anew
  const pull_request_at = sql<Date | null>`(select max(other.pull_request_at) from run as other
    where other.repository = ${repository} and other.pull_request = ${number})`;
  return { pull_request: number, pull_request_open: true, pull_request_at };
}

/** Columns that change with an event, besides the state. */
type Columns = Partial<Omit<RunRow, "id" | "at" | "state" | "changed_at">>;

/**
 * Moves a locked row and records why; null when the event cannot happen to it. A run that stops being at work may make
 * way for others, so somebody is woken. Reads no more of the row than where it is: what another version stored in it must
 * not keep this one from taking it back or cancelling it.
 */
export async function moveRow(
  parts: StoreParts,
  transaction: DatabaseTransaction,
  row: RunRow,
  event: RunEvent,
  columns: Columns = {},
): Promise<RunRow | null> {
  const state = transition({ at: placeOf(row) }, event);
  if (state === null) return null;
  const happened_at = new Date(parts.clock.now());
  const left = state.at === "running" ? {} : { owner: null, lease_until: null };
  const not_before = state.at === "queued" && state.postponed ? new Date(state.postponed.until) : null;
  const pull = state.at === "proposed" ? openedColumns(row, state.pullRequest) : {};
  const moved = await transaction
    .updateTable("run")
    .set({ ...stateColumns(state), ...left, ...pull, not_before, changed_at: happened_at, ...columns })
    .where("id", "=", row.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  if (event.kind !== "entered" || JSON.stringify(state) !== row.state) {
    await transaction
      .insertInto("run_transition")
      .values({ run_id: row.id, happened_at, cause: causeOf(event), state: JSON.stringify(state) })
      .execute();
  }
  if (row.at === "running" && state.at !== "running") {
    await parts.enqueue(transaction, [{ kind: "run", id: row.successor ?? row.id }]);
  }
  return moved;
}

/** Serialises transactions that decide by counting, among all processes, until they end. */
export const lockFor = async (transaction: DatabaseTransaction, what: string): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtextextended(${what}, 0))`.execute(transaction);
};
