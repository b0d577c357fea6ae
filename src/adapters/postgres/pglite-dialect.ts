import { setImmediate as nextTurn } from "node:timers/promises";
import type { PGlite } from "@electric-sql/pglite";
import { CompiledQuery, type DatabaseConnection, type Dialect, type Driver, type QueryResult } from "kysely";
import type { ConnectionGate } from "./connection-gate.ts";
import { storeDialect } from "./store-dialect.ts";

/**
 * kysely on the one connection of a PGlite instance; whoever opened the instance closes it. `beforeWrite` may refuse what
 * adds data by throwing; what reads or deletes is let through. Each error of the database passes through `explain`.
 */
export function createPgliteDialect(
  pglite: PGlite,
  gate: ConnectionGate,
  beforeWrite: () => void,
  explain: (error: unknown) => unknown,
): Dialect {
  return storeDialect(() => createDriver(createConnection(pglite, beforeWrite, explain), gate));
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

/** What adds nothing: reading, deleting, and raw statements such as `commit` and `vacuum`. */
const addsNothing: ReadonlySet<string> = new Set(["SelectQueryNode", "DeleteQueryNode", "RawNode"]);

function createConnection(
  pglite: PGlite,
  beforeWrite: () => void,
  explain: (error: unknown) => unknown,
): DatabaseConnection {
  return {
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      if (!addsNothing.has(query.query.kind)) beforeWrite();
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
