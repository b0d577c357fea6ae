import { setImmediate as nextTurn } from "node:timers/promises";
import type { PGlite } from "@electric-sql/pglite";
import { CompiledQuery, type DatabaseConnection, type Dialect, type Driver, type QueryResult } from "kysely";
import type { ConnectionGate } from "./connection-gate.ts";
import { storeDialect } from "./store-dialect.ts";

/**
 * kysely on the one connection of a PGlite instance; whoever opened the instance closes it. Each error passes through
 * `explain`.
 */
export function createPgliteDialect(
  pglite: PGlite,
  gate: ConnectionGate,
  explain: (error: unknown) => unknown,
): Dialect {
  return storeDialect(() => createDriver(createConnection(pglite, explain), gate));
}

function createDriver(connection: DatabaseConnection, gate: ConnectionGate): Driver {
  const run = async (statement: string): Promise<void> => {
    await connection.executeQuery(CompiledQuery.raw(statement));
  };
  // Only one holder exists at a time, so one slot is enough.
  let free = (): void => {};
  return {
    init: async () => {},
    async acquireConnection() {
      free = await gate.acquire();
      return connection;
    },
    beginTransaction: () => run("begin"),
    commitTransaction: () => run("commit"),
    rollbackTransaction: () => run("rollback"),
    async releaseConnection() {
      free();
    },
    destroy: async () => {},
  };
}

function createConnection(pglite: PGlite, explain: (error: unknown) => unknown): DatabaseConnection {
  return {
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      try {
        const result = await pglite.query<R>(query.sql, [...query.parameters]);
        return { rows: result.rows, numAffectedRows: BigInt(result.affectedRows ?? 0) };
      } catch (error) {
        throw explain(error);
      } finally {
        // PGlite answers in microtasks: without this, a loop of queries lets no timer and no request in.
        await nextTurn();
      }
    },
    // oxlint-disable-next-line require-yield -- kysely demands the method
    async *streamQuery() {
      throw new Error("PGlite has no cursors to stream from");
    },
  };
}
