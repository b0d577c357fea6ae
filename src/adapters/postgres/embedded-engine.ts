import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { PGlite } from "@electric-sql/pglite";
import { Kysely } from "kysely";
import { type Db, fromPglite } from "pg-boss";
import { type ConnectionGate, createConnectionGate } from "./connection-gate.ts";
import { explained } from "./database-trouble.ts";
import { checkDiskSpace } from "./disk-space.ts";
import type { Engine, Undo } from "./engine.ts";
import { migrate } from "./migrate.ts";
import { createPgliteDialect } from "./pglite-dialect.ts";
import { openPglite } from "./pglite-engine.ts";
import type { Tables } from "./tables.ts";

/**
 * PostgreSQL inside this process, on one connection; the caller has locked the directory. Throws RepairError
 * `store-unavailable` when it cannot be written or its data is of another version. A kill loses nothing that was
 * acknowledged; a power cut can (PGlite does not sync its files).
 */
export async function openEmbedded(directory: string, undo: Undo): Promise<Engine> {
  const name = `The embedded database in ${directory}`;
  const beforeWrite = (): void => checkDiskSpace(directory, name);
  beforeWrite();
  const pglite = await openPglite(join(directory, "pgdata"));
  undo.push(() => pglite.close());
  const gate = createConnectionGate();
  undo.push(() => gate.close());

  const explain = (error: unknown): unknown => explained(name, error);
  const db = new Kysely<Tables>({ dialect: createPgliteDialect(pglite, gate, beforeWrite, explain) });
  await migrate(db, name);
  return {
    db,
    transact: (work) => gate.guarded(() => db.transaction().execute(work)),
    boss: { db: bossDatabase(pglite, gate, beforeWrite), backend: "pglite" },
    explain,
  };
}

/** pg-boss on the same connection: each statement in its turn, its clean-up after an error included. */
function bossDatabase(pglite: PGlite, gate: ConnectionGate, beforeWrite: () => void): Db {
  const direct = fromPglite(pglite);
  return {
    executeSql: (text, values) =>
      gate.exclusive(async () => {
        beforeWrite();
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
