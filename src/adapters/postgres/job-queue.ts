import { setTimeout as sleep } from "node:timers/promises";
import type { PgBoss } from "pg-boss";
import { z } from "zod";
import type { Job, JobQueue } from "../../ports/job-queue.ts";
import type { Logger } from "../../ports/logger.ts";
import { jobKinds } from "./jobs.ts";

/** Seconds between looks at the queue. New jobs wake the workers at once; looking is for jobs to be retried. */
const pollSeconds = 1;

const jobData = z.object({ id: z.string() });

/** `stop` gives handlers `stopLimitMs` milliseconds; what is not done by then is handed out again after the next start. */
export function createJobQueue(boss: PgBoss, logger: Logger, stopLimitMs: number): JobQueue {
  return {
    async work(kind, concurrency, handler) {
      for (let worker = 0; worker < concurrency; worker++) await startWorker(boss, logger, kind, handler);
    },
    async stop() {
      const done = new AbortController();
      const drained = Promise.all(jobKinds.map((kind) => boss.offWork(kind, { wait: true })));
      const tooLate = sleep(stopLimitMs, "late" as const, { signal: done.signal }).catch(
        () => "late" as const,
      );
      const outcome = await Promise.race([drained, tooLate]);
      done.abort();
      if (outcome === "late") logger.warn({ stopLimitMs }, "jobs were still running when the queue stopped");
    },
  };
}

/** Hands out one job at a time; `concurrency` of these run side by side. */
async function startWorker(
  boss: PgBoss,
  logger: Logger,
  kind: Job["kind"],
  handler: (id: string) => Promise<void>,
): Promise<void> {
  const options = { pollingIntervalSeconds: pollSeconds, notifyPollingIntervalSeconds: pollSeconds };
  let worker: string | null = null;
  worker = await boss.work(kind, options, async (jobs) => {
    for (const job of jobs) {
      const { id } = jobData.parse(job.data);
      try {
        await handler(id);
      } catch (error) {
        logger.error({ kind, id, error }, "job failed and will be retried");
        throw error;
      } finally {
        // pg-boss would otherwise wait for the next poll although more jobs may be there.
        if (worker !== null) boss.notifyWorker(worker);
      }
    }
  });
}
