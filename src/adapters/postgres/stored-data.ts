import { type Selectable, sql } from "kysely";
import type { DataCounts, DataScope, StoredData } from "../../ports/kept-data.ts";
import { exportLines } from "./export-lines.ts";
import { copiesOf } from "./file-copies.ts";
import { forgottenOf, rememberForgotten } from "./forgotten.ts";
import { renameRepository } from "./rename-repository.ts";
import { prune, type StoredDataParts } from "./prune.ts";
import { repositoryKey } from "./run-requests.ts";
import { removeJobs } from "./jobs.ts";
import { emptied, scopeDeliveries } from "./scope-deliveries.ts";
import { reachOf, refuseLive, type ScopeRun, scopeRuns } from "./scope-runs.ts";
import type { Database, DatabaseTransaction, Tables } from "./tables.ts";
import { removeBlobs } from "./unreferenced-blobs.ts";

/** Deliveries, runs with their history, steps and record, and the queue's jobs of both. */
export function createStoredData(parts: StoredDataParts): StoredData {
  const { db } = parts;
  return {
    reach: (scope, wanted) => reachOf(db, scope, wanted),
    forgotten: (kept) => forgottenOf(db, kept),
    export: (scope) => exportLines(db, scope),
    remove: (scope) => remove(parts, scope),
    prune: (retention) => prune(parts, retention),
    rename: (renaming) => renameRepository(parts, renaming),
    async installationsOf(repo) {
      const rows = db.selectFrom("run").select("installation").distinct();
      const found = await rows.where("repository", "=", repositoryKey(repo)).execute();
      return found.map(({ installation }) => installation);
    },
  };
}

async function remove(parts: StoredDataParts, scope: DataScope): Promise<DataCounts> {
  const { db, transact } = parts;
  const runs = await scopeRuns(db, scope);
  refuseLive(runs);
  const now = new Date(parts.clock.now());
  await rememberForgotten(db, await reachOf(db, scope, { live: false }), now);
  const counts = { runs: 0, steps: 0, events: 0, blobs: 0 };
  const orders: string[] = [];
  const others: string[] = [];
  for await (const delivery of scopeDeliveries(db, scope, pullsOf(runs)))
    (ordersRemoval(delivery) ? orders : others).push(delivery.id);
  // before the runs: one that is left over could only be found by the runs' pull requests
  const emptiedFirst = await emptyDeliveries(db, others, now);
  const jobs = await removeJobs(
    db,
    runs.map(({ id }) => id),
  );
  for (const { id } of runs) {
    const { blobs, recordBlobs, ...rows } = await transact((transaction) => removeRun(transaction, id));
    counts.runs += 1;
    counts.steps += rows.steps;
    counts.events += rows.events;
    counts.blobs += await removeBlobs(transact, "blob", blobs);
    counts.blobs += await removeBlobs(transact, "record_blob", recordBlobs);
  }
  const copies = await db.deleteFrom("file_copy").where(copiesOf(scope)).executeTakeFirst();
  const emptiedLast = await emptyDeliveries(db, orders, now);
  return {
    ...counts,
    deliveries: orders.length + others.length,
    jobs: emptiedFirst + jobs + emptiedLast,
    fileCopies: Number(copies.numDeletedRows),
  };
}

/** What is being removed because of it would stay after a crash if it were gone before. No text can hold bare quotes. */
const ordersRemoval = ({ handled_at, payload }: Selectable<Tables["delivery"]>): boolean =>
  handled_at === null && /"action":"(?:deleted|removed|transferred)"/.test(payload);

/** Ids of one statement. */
const batch = 500;

/** Takes the bodies out of deliveries, and their jobs out of the queue; returns how many jobs. */
async function emptyDeliveries(db: Database, ids: readonly string[], now: Date): Promise<number> {
  // jobs first: an emptied body would not be found again by a removal that was broken off here
  const jobs = await removeJobs(db, ids);
  for (let from = 0; from < ids.length; from += batch) {
    await db
      .updateTable("delivery")
      // the id stays, so that a repetition is still known and handled by nobody
      .set({ payload: emptied, handled_at: sql<Date>`coalesce(handled_at, ${now})` })
      .where("id", "in", ids.slice(from, from + batch))
      .execute();
  }
  return jobs;
}

/** Texts that only this run refers to are nobody's afterwards, so the hashes of all its texts are handed back. */
async function removeRun(transaction: DatabaseTransaction, id: string) {
  const live = await transaction
    .selectFrom("run")
    .select(["id", "repository", "at", "pull_request"])
    .where("id", "=", id)
    .forUpdate()
    .execute();
  refuseLive(live);
  const steps = await countOf(transaction, "step", id);
  const events = await countOf(transaction, "record_event", id);
  const blobs = await transaction
    .selectFrom("step")
    .select("blob as hash")
    .where("run_id", "=", id)
    .where("blob", "is not", null)
    .distinct()
    .execute();
  const recordBlobs = await transaction
    .selectFrom("record_link")
    .innerJoin("record_event", "record_event.id", "record_link.event_id")
    .select("record_link.hash as hash")
    .where("record_event.run_id", "=", id)
    .distinct()
    .execute();
  await transaction.deleteFrom("run").where("id", "=", id).execute();
  return {
    steps,
    events,
    blobs: blobs.flatMap(({ hash }) => hash ?? []),
    recordBlobs: recordBlobs.map(({ hash }) => hash),
  };
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
