import { setTimeout as sleep } from "node:timers/promises";
import type { Kysely } from "kysely";
import type { ConstructorOptions } from "pg-boss";
import type { Tables, Transact } from "./tables.ts";

/** A database with our tables up to date: inside this process, or on a server. */
export type Engine = {
  readonly db: Kysely<Tables>;
  readonly transact: Transact;
  /** How pg-boss gets to the same database. */
  readonly boss: ConstructorOptions;
  /** An error of the database in words; any other comes back as it is. */
  explain(error: unknown): unknown;
};

/** What has to be undone at the end, the last step first. */
export type Undo = (() => Promise<void>)[];

/** Every step is done even when one before it fails: a lock must go in any case. */
export async function unwind(steps: Undo): Promise<void> {
  const step = steps.pop();
  if (step === undefined) return;
  try {
    await step();
  } finally {
    await unwind(steps);
  }
}

/** Waits for `work`, but no longer than `limitMs` milliseconds: a server that is gone must not hold up the end. */
export async function atMost(limitMs: number, work: Promise<void>): Promise<void> {
  const done = new AbortController();
  const tooLate = sleep(limitMs, undefined, { signal: done.signal }).catch(() => undefined);
  try {
    await Promise.race([work, tooLate]);
  } finally {
    done.abort();
  }
}
