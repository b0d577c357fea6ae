import { sql } from "kysely";
import { fromKysely, type PgBoss } from "pg-boss";
import type { Job } from "../../ports/job-queue.ts";
import type { Database, DatabaseTransaction } from "./tables.ts";

export const jobKinds: readonly Job["kind"][] = ["delivery", "run"];

/** Queues jobs within a transaction: they exist exactly when its rows do. */
export type Enqueue = (transaction: DatabaseTransaction, jobs: readonly Job[]) => Promise<void>;

/** Drops what is waiting or was in work, so that it can be queued afresh; finished and failed jobs stay for the record. */
export type ForgetUnfinishedJobs = (transaction: DatabaseTransaction) => Promise<void>;

const queueOptions = {
  notify: true,
  retryLimit: 3,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 60,
  // A day is pg-boss's upper bound; how long a run may take is decided by its own limits.
  expireInSeconds: 24 * 60 * 60,
};

/** Creates the queues where they are missing and brings their options up to date. */
export async function prepareQueues(boss: PgBoss): Promise<void> {
  for (const kind of jobKinds) {
    await boss.createQueue(kind, queueOptions);
    await boss.updateQueue(kind, queueOptions);
    // pg-boss caches a queue on its first use; inside a transaction it could not read it any more.
    await boss.findJobs(kind, { id: "00000000-0000-0000-0000-000000000000" });
  }
}

export const createEnqueue =
  (boss: PgBoss): Enqueue =>
  async (transaction, jobs) => {
    for (const kind of jobKinds) {
      const batch = jobs.filter((job) => job.kind === kind).map(({ id }) => ({ data: { id } }));
      if (batch.length > 0) await boss.insert(kind, batch, { db: fromKysely(transaction) });
    }
  };

export const forgetUnfinishedJobs: ForgetUnfinishedJobs = async (transaction) => {
  await sql`delete from pgboss.job
    where name in (${sql.join(jobKinds)}) and state in ('created', 'retry', 'active')`.execute(transaction);
};

/** Jobs of one statement: a server gives each a limited time. */
const pageJobs = 5_000;

/**
 * Removes what the queue holds of these deliveries and runs, done or not; returns how many jobs. pg-boss has no index by
 * what a job is about, so all are looked through, a page at a time.
 */
export async function removeJobs(db: Database, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0;
  let removed = 0;
  for (const kind of jobKinds) {
    for (let after = lowestId; ;) {
      const page = await sql<{ last: string | null; removed: number }>`
        with page as (
          select id, data from pgboss.job where name = ${kind} and id > ${after}::uuid order by id limit ${pageJobs}
        ), gone as (
          delete from pgboss.job where name = ${kind} and id in (select id from page where data ->> 'id' = any(${ids}::text[]))
          returning id
        )
        select (select id from page order by id desc limit 1)::text as last,
          (select count(*) from gone)::int as removed`.execute(db);
      const [{ last, removed: count } = { last: null, removed: 0 }] = page.rows;
      removed += count;
      if (last === null) break;
      after = last;
    }
  }
  return removed;
}

const lowestId = "00000000-0000-0000-0000-000000000000";

/** Queues every run that waits, the oldest first: a queue that was lost or forgotten is made anew from the rows. */
export async function enqueueWaitingRuns(transaction: DatabaseTransaction, enqueue: Enqueue): Promise<void> {
  const waiting = await transaction
    .selectFrom("run")
    .select("id")
    .where("at", "=", "queued")
    .orderBy("sequence")
    .execute();
  await enqueue(
    transaction,
    waiting.map(({ id }) => ({ kind: "run", id })),
  );
}
