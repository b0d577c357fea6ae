import { Pool, TypeOverrides, types } from "pg";
import type { Logger } from "../../ports/logger.ts";

/** All in milliseconds. GitHub waits 10 s for the answer to a webhook, so a stuck database must be noticed well before. */
const connectMs = 5_000;
const lockMs = 5_000;
const statementMs = 15_000;
/** Above `statementMs`, so that the server speaks first; this one notices a server that is gone. */
const answerMs = 20_000;
/** A process that is frozen in a transaction keeps its row locks no longer than this. */
const idleInTransactionMs = 10_000;
const keepAliveMs = 10_000;

export const poolSize = 10;

// node-postgres gives int8 as text, PGlite as a number; ours are counters
const numbers = new TypeOverrides();
numbers.setTypeParser(types.builtins.INT8, Number);

/** Where and how; parameters of the address itself win, as libpq's would. */
export const connectionTo = (databaseUrl: string, purpose: string) => ({
  connectionString: databaseUrl,
  application_name: `copatcher ${purpose}`,
  connectionTimeoutMillis: connectMs,
  keepAlive: true,
  keepAliveInitialDelayMillis: keepAliveMs,
  idle_in_transaction_session_timeout: idleInTransactionMs,
});

/** A pool for short statements of many users. */
export const createPool = (databaseUrl: string, logger: Logger): Pool =>
  watched(
    new Pool({
      ...connectionTo(databaseUrl, "store"),
      max: poolSize,
      types: numbers,
      lock_timeout: lockMs,
      statement_timeout: statementMs,
      query_timeout: answerMs,
    }),
    logger,
  );

/** Two connections for what may take long or has to wait for another process: migrations, inspections. */
export const createSetupPool = (databaseUrl: string, logger: Logger): Pool =>
  watched(new Pool({ ...connectionTo(databaseUrl, "setup"), max: 2, types: numbers }), logger);

/** An error event that nobody listens to would end the process. */
function watched(pool: Pool, logger: Logger): Pool {
  pool.on("error", ({ message }) => logger.warn({ reason: message }, "an idle database connection was lost"));
  // the pool listens to idle connections only; of one in use, the query that is under way reports the loss
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}
