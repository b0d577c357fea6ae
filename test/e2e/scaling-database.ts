import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { queryAt, urlWith } from "../fixtures/databases/postgres-server.ts";
import { replaced } from "./scaling-page.ts";

/** What the page calls copatcher on the test's server, under names and a password that nobody else has. */
export type ScalingDatabase = {
  /** Does what the page says that the server's administrator does. */
  create(commands: string): Promise<void>;
  /** The page's line that sets DATABASE_URL. */
  address(line: string): string;
  query(sql: string): Promise<readonly Record<string, unknown>[]>;
  drop(): Promise<void>;
};

const run = promisify(execFile);

export function scalingDatabase(): ScalingDatabase {
  const administrator = urlWith(() => {});
  const { hostname, port, host, username, password } = new URL(administrator);
  const name = `copatcher_${randomBytes(6).toString("hex")}`;
  const own = { copatcher: name, "change-me": randomBytes(12).toString("hex") };
  const url = urlWith((address) => {
    address.username = name;
    address.password = own["change-me"];
    address.pathname = `/${name}`;
  });
  const env = {
    PATH: process.env["PATH"],
    PGHOST: hostname,
    PGPORT: port,
    PGUSER: username,
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: "postgres",
  };
  return {
    create: async (commands) => void (await run("sh", ["-ec", replaced(commands, own)], { env })),
    address: (line) => replaced(line, { ...own, "127.0.0.1:5432": host }),
    query: (sql) => queryAt(url, sql),
    async drop() {
      await queryAt(administrator, `drop database if exists ${name} with (force)`);
      await queryAt(administrator, `drop role if exists ${name}`);
    },
  };
}
