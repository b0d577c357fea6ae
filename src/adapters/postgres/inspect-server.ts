import type { Logger } from "../../ports/logger.ts";
import { explained, unavailable } from "./database-trouble.ts";
import { databaseName } from "./database-url.ts";
import { newerSchema, schemaState, type SchemaState } from "./migrate.ts";
import { checkServer } from "./server-check.ts";
import { kyselyOn } from "./server-engine.ts";
import { createSetupPool } from "./server-pool.ts";

export type ServerReport = {
  readonly name: string;
  readonly version: string;
  readonly schema: Exclude<SchemaState, "newer">;
};

/**
 * Looks whether a store could be opened on a server's database, and changes nothing. Throws RepairError
 * `store-unavailable` with the reason why not; its data has `what` and `fix`.
 */
export async function inspectServer(databaseUrl: string, logger: Logger): Promise<ServerReport> {
  const name = databaseName(databaseUrl);
  const db = kyselyOn(createSetupPool(databaseUrl, logger), (error) => explained(name, error));
  try {
    const { version, mayCreate } = await checkServer(db, name);
    const schema = await schemaState(db);
    if (schema === "newer") throw newerSchema(name);
    if (schema !== "current" && !mayCreate) {
      const fix = "Make the user the database's owner, or grant it CREATE on the database and its schema.";
      throw unavailable(name, { what: "does not let this user create tables", fix });
    }
    return { name, version, schema };
  } finally {
    await db.destroy();
  }
}
