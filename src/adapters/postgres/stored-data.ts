import { sql } from "kysely";
import type { DataCounts, DataScope, StoredData } from "../../ports/kept-data.ts";
import { exportLines } from "./export-lines.ts";
import { copiesOf } from "./file-copies.ts";
import { forgottenOf, rememberForgotten } from "./forgotten.ts";
import { prune, type StoredDataParts } from "./prune.ts";
import { emptied, scopeDeliveries } from "./scope-deliveries.ts";
import { reachOf, refuseLive, type ScopeRun, scopeRuns } from "./scope-runs.ts";
import type { DatabaseTransaction } from "./tables.ts";
import { reclaimSpace, removeUnreferencedBlobs } from "./unreferenced-blobs.ts";

/** Deliveries, runs with their history, steps and record, and the queue's jobs of both. */
export function createStoredData(parts: StoredDataParts): StoredData {
  const { db } = parts;
  return {
    reach: (scope, wanted) => reachOf(db, scope, wanted),
    forgotten: (kept) => forgottenOf(db, kept),
    export: (scope) => exportLines(db, scope),
    remove: (scope) => remove(parts, scope),
    prune: (retention) => prune(parts, retention),
  };
}

async function remove({ db, transact, clock }: StoredDataParts, scope: DataScope): Promise<DataCounts> {
  const runs = await scopeRuns(db, scope);
  refuseLive(runs);
  await rememberForgotten(db, await reachOf(db, scope, { live: false }), new Date(clock.now()));
  const counts = { runs: 0, steps: 0, events: 0, deliveries: 0, jobs: 0 };
  const now = new Date(clock.now());
  // deliveries first: one that is left over could only be found by the pull requests of the runs
  for await (const { id } of scopeDeliveries(db, scope, pullsOf(runs))) {
    await transact(async (transaction) => {
      // the id stays, so that a repetition is still known and handled by nobody
      await transaction
        .updateTable("delivery")
        .set({ payload: emptied, handled_at: sql<Date>`coalesce(handled_at, ${now})` })
        .where("id", "=", id)
        .execute();
      counts.jobs += await removeJobs(transaction, id);
    });
    counts.deliveries += 1;
  }
  for (const { id } of runs) {
    await transact(async (transaction) => {
      const live = await transaction
        .selectFrom("run")
        .select(["id", "repository", "at", "pull_request"])
        .where("id", "=", id)
        .forUpdate()
        .execute();
      refuseLive(live);
      counts.steps += await countOf(transaction, "step", id);
      counts.events += await countOf(transaction, "record_event", id);
      await transaction.deleteFrom("run").where("id", "=", id).execute();
      counts.jobs += await removeJobs(transaction, id);
    });
    counts.runs += 1;
  }
  const copies = await db.deleteFrom("file_copy").where(copiesOf(scope)).executeTakeFirst();
  const blobs = await removeUnreferencedBlobs(transact);
  await reclaimSpace(db);
  return { ...counts, blobs, fileCopies: Number(copies.numDeletedRows) };
}

const pullsOf = (runs: readonly ScopeRun[]): readonly number[] =>
  runs.flatMap(({ pull_request }) => pull_request ?? []);

async function countOf(
  transaction: DatabaseTransaction,
  table: "step" | "record_event",
  runId: string,
): Promise<number> {
  const { count } = await transaction
    .selectFrom(table)
    .select((eb) => eb.fn.countAll<string | number>().as("count"))
    .where("run_id", "=", runId)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** What the queue holds of a delivery or a run, done or not. */
async function removeJobs(transaction: DatabaseTransaction, id: string): Promise<number> {
  const { numAffectedRows } = await sql`delete from pgboss.job where data ->> 'id' = ${id}`.execute(
    transaction,
  );
  return Number(numAffectedRows ?? 0n);
}
