import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { PGlite } from "@electric-sql/pglite";
import { Kysely } from "kysely";
import { type Db, fromPglite, PgBoss } from "pg-boss";
import type { Clock } from "../../ports/clock.ts";
import type { JobQueue } from "../../ports/job-queue.ts";
import type { Journal } from "../../ports/journal.ts";
import type { Logger } from "../../ports/logger.ts";
import type { Claim, RunStore } from "../../ports/run-store.ts";
import { type ConnectionGate, createConnectionGate } from "./connection-gate.ts";
import { lockDirectory } from "./directory-lock.ts";
import { createJobQueue } from "./job-queue.ts";
import { createEnqueue, forgetUnfinishedJobs, prepareQueues } from "./jobs.ts";
import { createJournal } from "./journal.ts";
import { migrate } from "./migrations.ts";
import { createPgliteDialect } from "./pglite-dialect.ts";
import { openPglite } from "./pglite-engine.ts";
import { createRunStore } from "./run-store.ts";
import type { Tables, Transact } from "./tables.ts";

export type EmbeddedStore = {
  readonly runs: RunStore;
  readonly queue: JobQueue;
  journal(claim: Claim): Journal;
  /** Stops the queue, waits for its handlers (a limited time) and for open writes, and frees the directory. */
  close(): Promise<void>;
};

type EmbeddedStoreOptions = {
  /** Null keeps everything in memory. */
  readonly directory: string | null;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long `stop` and `close` wait for handlers, in milliseconds. */
  readonly stopLimitMs?: number;
};

/**
 * PostgreSQL, queue and run store in this process. Throws RepairError `store-unavailable` when another process
 * has the directory, when it cannot be written, or when its data is of another version. A kill loses nothing that
 * was acknowledged; a power cut can (PGlite does not sync its files).
 */
export async function openEmbeddedStore(options: EmbeddedStoreOptions): Promise<EmbeddedStore> {
  const { directory, clock, logger } = options;
  const undo: (() => Promise<void>)[] = [];
  const close = (): Promise<void> => unwind(undo);
  try {
    if (directory !== null) undo.push(await lockDirectory(directory, clock));
    const pglite = await openPglite(directory === null ? null : join(directory, "pgdata"));
    undo.push(() => pglite.close());

    const gate = createConnectionGate();
    undo.push(() => gate.close());
    const db = new Kysely<Tables>({ dialect: createPgliteDialect(pglite, gate) });
    await migrate(db);
    const transact: Transact = (work) => gate.guarded(() => db.transaction().execute(work));

    const boss = new PgBoss({
      db: bossDatabase(pglite, gate),
      backend: "pglite",
      useListenNotify: true,
      schedule: false,
    });
    boss.on("error", (error) => logger.error({ error }, "queue error"));
    boss.on("warning", (warning) => logger.warn({ warning }, "queue warning"));
    undo.push(() => boss.stop({ graceful: false }));
    await boss.start();
    await prepareQueues(boss);

    const queue = createJobQueue(boss, logger, options.stopLimitMs ?? 30_000);
    undo.push(() => queue.stop());
    const parts = { db, transact, clock };
    return {
      runs: createRunStore({ ...parts, enqueue: createEnqueue(boss), forgetUnfinishedJobs }),
      queue,
      journal: (claim) => createJournal(parts, claim),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Last step first, and every step even when one before it fails: the lock must go in any case. */
async function unwind(steps: (() => Promise<void>)[]): Promise<void> {
  const step = steps.pop();
  if (step === undefined) return;
  try {
    await step();
  } finally {
    await unwind(steps);
  }
}

/** pg-boss on the same connection: each statement in its turn, its clean-up after an error included. */
function bossDatabase(pglite: PGlite, gate: ConnectionGate): Db {
  const direct = fromPglite(pglite);
  return {
    executeSql: (text, values) =>
      gate.exclusive(async () => {
        try {
          return await direct.executeSql(text, values);
        } finally {
          await nextTurn();
        }
      }),
    listen: (channel, onNotification, onReconnect) =>
      gate.exclusive(async () => {
        const stop = await pglite.listen(channel, onNotification);
        onReconnect();
        return { close: () => gate.exclusive(() => stop()) };
      }),
  };
}
