import { CompiledQuery, type DatabaseConnection, type Dialect, type Driver, type QueryResult } from "kysely";
import { DatabaseError, type Pool, type PoolClient, type QueryResultRow } from "pg";
import { storeDialect } from "./store-dialect.ts";

/**
 * kysely on a pool of node-postgres. kysely's own driver gives every connection back to the pool; this one drops those
 * that did not answer, and passes each error through `explain`.
 */
export function createServerDialect(pool: Pool, explain: (error: unknown) => unknown): Dialect {
  return storeDialect(() => createDriver(pool, explain));
}

type Held = { readonly client: PoolClient; lost: boolean };

function createDriver(pool: Pool, explain: (error: unknown) => unknown): Driver {
  const held = new WeakMap<DatabaseConnection, Held>();
  const run = async (connection: DatabaseConnection, statement: string): Promise<void> => {
    await connection.executeQuery(CompiledQuery.raw(statement));
  };
  return {
    init: async () => {},
    async acquireConnection() {
      try {
        const holder: Held = { client: await pool.connect(), lost: false };
        const connection = createConnection(holder, explain);
        held.set(connection, holder);
        return connection;
      } catch (error) {
        throw explain(error);
      }
    },
    beginTransaction: (connection) => run(connection, "begin"),
    commitTransaction: (connection) => run(connection, "commit"),
    async rollbackTransaction(connection) {
      // the server rolls back what a lost connection had begun
      if (held.get(connection)?.lost !== true) await run(connection, "rollback");
    },
    async releaseConnection(connection) {
      const holder = held.get(connection);
      holder?.client.release(holder.lost);
    },
    destroy: () => pool.end(),
  };
}

function createConnection(holder: Held, explain: (error: unknown) => unknown): DatabaseConnection {
  return {
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      try {
        const { rows, rowCount } = await holder.client.query<R & QueryResultRow>(query.sql, [
          ...query.parameters,
        ]);
        return { rows, numAffectedRows: BigInt(rowCount ?? 0) };
      } catch (error) {
        holder.lost ||= !answered(error);
        throw explain(error);
      }
    },
    // oxlint-disable-next-line require-yield -- kysely demands the method
    async *streamQuery() {
      throw new Error("nothing is streamed from the store");
    },
  };
}

/** Whether the server said it and goes on with this connection: not after a shutdown, a kick or an idle transaction. */
const answered = (error: unknown): boolean =>
  error instanceof DatabaseError && !/^(08|57P|25P03)/.test(error.code ?? "");
