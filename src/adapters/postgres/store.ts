import { type ConstructorOptions, PgBoss } from "pg-boss";
import type { Clock } from "../../ports/clock.ts";
import type { JobQueue } from "../../ports/job-queue.ts";
import type { Journal } from "../../ports/journal.ts";
import type { Logger } from "../../ports/logger.ts";
import type { Claim, RunStore } from "../../ports/run-store.ts";
import { lockDirectory } from "./directory-lock.ts";
import { openEmbedded } from "./embedded-engine.ts";
import { atMost, type Engine, type Undo, unwind } from "./engine.ts";
import { createJobQueue } from "./job-queue.ts";
import { createEnqueue, forgetUnfinishedJobs, prepareQueues } from "./jobs.ts";
import { createJournal } from "./journal.ts";
import { createKeeping, type Keeping } from "./keeping.ts";
import type { StoreUser } from "./recovery.ts";
import { createRunStore } from "./run-store.ts";
import { openServer } from "./server-engine.ts";

export type Store = Keeping & {
  readonly runs: RunStore;
  readonly queue: JobQueue;
  /** Owners of claims begin with it and a slash, so that a later process under this name can take them back. */
  readonly worker: string;
  /** Once `signal` aborts, steps that could not be stored yet are tried for a moment only. */
  journal(claim: Claim, signal?: AbortSignal): Journal;
  /** Stops the queue, waits for its handlers (a limited time) and for open writes, and lets go of the database. */
  close(): Promise<void>;
};

export type StoreOptions = {
  /** This process's own; it holds the database where no server does, and is locked in any case. */
  readonly directory: string;
  /** A database that several processes share. */
  readonly databaseUrl: string | null;
  /** This process's name among them; whoever has the directory has the name. */
  readonly worker: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long `stop` and `close` wait for handlers, in milliseconds. */
  readonly stopLimitMs?: number;
  /** How long a claim lasts without a heartbeat, in milliseconds. */
  readonly leaseMs?: number;
};

/**
 * Runs, queue and journal in one database. Throws RepairError `store-unavailable`, saying what to do, when another
 * process has the directory or the database cannot be used; the text never holds the address's password.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { directory, databaseUrl, worker, clock, logger } = options;
  const undo: Undo = [];
  try {
    undo.push(await lockDirectory(directory, clock));
    const engine =
      databaseUrl === null
        ? await openEmbedded(directory, undo)
        : await openServer(databaseUrl, logger, undo);
    const boss = await startQueue(engine, logger, undo);
    const queue = createJobQueue(boss, logger, options.stopLimitMs ?? 30_000);
    undo.push(() => queue.stop());
    const parts = { db: engine.db, transact: engine.transact, clock };
    const user: StoreUser =
      databaseUrl === null ? { alone: true, forgetUnfinishedJobs } : { alone: false, worker };
    const enqueue = createEnqueue(boss);
    const leaseMs = options.leaseMs ?? 30_000;
    return {
      ...createKeeping({ ...parts, enqueue }),
      runs: createRunStore({ ...parts, enqueue, logger, user, leaseMs }),
      queue,
      worker,
      journal: (claim, signal = never) => createJournal({ ...parts, logger, leaseMs }, claim, signal),
      close: () => unwind(undo),
    };
  } catch (error) {
    await unwind(undo);
    throw error;
  }
}

const never = new AbortController().signal;

/** How long pg-boss may take to say good-bye to the database, in milliseconds. */
const endMs = 5_000;

async function startQueue(engine: Engine, logger: Logger, undo: Undo): Promise<PgBoss> {
  const options: ConstructorOptions = { ...engine.boss, useListenNotify: true, schedule: false };
  const boss = new PgBoss(options);
  boss.on("error", (error) => logger.error({ error: engine.explain(error) }, "queue error"));
  boss.on("warning", (warning) => logger.warn({ warning }, "queue warning"));
  undo.push(() => atMost(endMs, boss.stop({ graceful: false })));
  try {
    await boss.start();
    await prepareQueues(boss);
    return boss;
  } catch (error) {
    throw engine.explain(error);
  }
}
