import { Kysely } from "kysely";
import type { Pool } from "pg";
import { explained, isConflict } from "./database-trouble.ts";
import { databaseName } from "./database-url.ts";
import type { Logger } from "../../ports/logger.ts";
import { atMost, type Engine, type Undo } from "./engine.ts";
import { migrate } from "./migrate.ts";
import { createServerDialect } from "./server-dialect.ts";
import { connectionTo, createPool, createSetupPool } from "./server-pool.ts";
import { checkServer } from "./server-check.ts";
import type { Tables, Transact } from "./tables.ts";

/** pg-boss has statements of its own pace (maintenance, its own migrations), and connections for them. */
const boss = { max: 4, statement_timeout: 60_000, query_timeout: 65_000 };

/** How long connections may take to end, in milliseconds. */
const endMs = 3_000;

/** How often a transaction is begun again that had to make way for another. */
const conflictTries = 3;

/**
 * A database on a PostgreSQL server, shared with other processes. Throws RepairError `store-unavailable`, saying what
 * to do, when it cannot be used; the text never holds the address's password.
 */
export async function openServer(databaseUrl: string, logger: Logger, undo: Undo): Promise<Engine> {
  const name = databaseName(databaseUrl);
  const explain = (error: unknown): unknown => explained(name, error);
  const setup = kyselyOn(createSetupPool(databaseUrl, logger), explain);
  try {
    await checkServer(setup, name);
    await migrate(setup, name);
  } finally {
    await setup.destroy();
  }
  const db = kyselyOn(createPool(databaseUrl, logger), explain);
  undo.push(() => atMost(endMs, db.destroy()));
  return {
    db,
    transact: transactOn(db),
    boss: { ...connectionTo(databaseUrl, "queue"), ...boss },
    explain,
  };
}

export const kyselyOn = (pool: Pool, explain: (error: unknown) => unknown): Kysely<Tables> =>
  new Kysely<Tables>({ dialect: createServerDialect(pool, explain) });

const transactOn =
  (db: Kysely<Tables>): Transact =>
  async (work) => {
    for (let tries = 1; ; tries++) {
      try {
        return await db.transaction().execute(work);
      } catch (error) {
        if (tries === conflictTries || !isConflict(error)) throw error;
      }
    }
  };
