import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import { openPglite } from "../../src/adapters/postgres/pglite-engine.ts";

type Row = Readonly<Record<string, unknown>>;

/** The bot's database, looked at from outside. */
export type Database = {
  /** For DATABASE_URL; null for the embedded one. */
  readonly url: string | null;
  /** The embedded one can only be asked while no bot is running. */
  query(sql: string): Promise<readonly Row[]>;
  /** Ends every connection of the bots; how many there were. */
  cut(): Promise<number>;
  drop(): Promise<void>;
};

/** The database that the embedded store keeps in `directory`. */
export const embeddedDatabase = (directory: string): Database => ({
  url: null,
  async query(sql) {
    const pglite = await openPglite(directory);
    try {
      return (await pglite.query<Row>(sql)).rows;
    } finally {
      await pglite.close();
    }
  },
  cut: () => Promise.resolve(0),
  drop: () => Promise.resolve(),
});

/** A database of our own on the tests' server. */
export async function createServerDatabase(): Promise<Database> {
  const server = new URL(process.env["COPATCHER_TEST_DATABASE_URL"] ?? startedServer());
  const name = `copatcher_chaos_${randomBytes(4).toString("hex")}`;
  await ask(server.href, `create database ${name}`);
  const own = new URL(server);
  own.pathname = `/${name}`;
  const others = "datname = current_database() and pid <> pg_backend_pid()";
  return {
    url: own.href,
    query: (sql) => ask(own.href, sql),
    cut: async () =>
      (await ask(own.href, `select pg_terminate_backend(pid) from pg_stat_activity where ${others}`)).length,
    drop: async () => void (await ask(server.href, `drop database if exists ${name} with (force)`)),
  };
}

async function ask(url: string, sql: string): Promise<readonly Row[]> {
  const client = new Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

function startedServer(): string {
  const script = fileURLToPath(new URL("../../.ci/postgres-up.sh", import.meta.url));
  const { status, stdout, stderr } = spawnSync(script, { encoding: "utf8" });
  if (status !== 0) throw new Error(`no PostgreSQL: ${stderr.trim()}`);
  return stdout.trim();
}
