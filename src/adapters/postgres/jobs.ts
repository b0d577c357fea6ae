import { sql } from "kysely";
import { fromKysely, type PgBoss } from "pg-boss";
import type { Job } from "../../ports/job-queue.ts";
import type { DatabaseTransaction } from "./tables.ts";

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
