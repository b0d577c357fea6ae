import { type Kysely, sql } from "kysely";
import { readOnly, unavailable, type Trouble } from "./database-trouble.ts";
import type { Tables } from "./tables.ts";

const oldestMajor = 14;

export type ServerFacts = {
  readonly version: string;
  /** May make pg-boss's schema, and tables beside the ones that are there. */
  readonly mayCreate: boolean;
};

type Row = {
  number: number;
  version: string;
  encoding: string;
  read_only: boolean;
  may_create: boolean;
};

/** What the server says of itself. Throws RepairError `store-unavailable` when it is not one that we can work on. */
export async function checkServer(db: Kysely<Tables>, name: string): Promise<ServerFacts> {
  const { rows } = await sql<Row>`select
    current_setting('server_version_num')::int as number,
    current_setting('server_version') as version,
    current_setting('server_encoding') as encoding,
    current_setting('transaction_read_only') = 'on' as read_only,
    has_database_privilege(current_database(), 'CREATE')
      and coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) as may_create`.execute(db);
  const row = rows[0];
  const trouble = row === undefined ? null : troubleOf(row);
  if (row === undefined || trouble !== null) throw unavailable(name, trouble ?? silent);
  return { version: row.version, mayCreate: row.may_create };
}

const silent: Trouble = { what: "says nothing about itself", fix: "DATABASE_URL must point to PostgreSQL." };

function troubleOf({ number, version, encoding, read_only }: Row): Trouble | null {
  if (number < oldestMajor * 10_000) {
    const fix = "Upgrade the server, or use another one.";
    return { what: `is PostgreSQL ${version}, and Copatcher needs ${oldestMajor} or newer`, fix };
  }
  if (encoding !== "UTF8") {
    const fix = "Create one with encoding UTF8: createdb --encoding=UTF8 --template=template0.";
    return { what: `has the encoding ${encoding}, which cannot hold every text`, fix };
  }
  return read_only ? readOnly : null;
}
