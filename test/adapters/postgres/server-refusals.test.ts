import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inspectServer } from "../../../src/adapters/postgres/inspect-server.ts";
import { openStore } from "../../../src/adapters/postgres/store.ts";
import { createSystemClock } from "../../../src/adapters/system/clock.ts";
import { RepairError } from "../../../src/domain/errors.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";
import { openLine } from "../../fixtures/databases/breakable-line.ts";
import {
  createDatabase,
  noServer,
  onServer,
  type TestDatabase,
  urlWith,
} from "../../fixtures/databases/postgres-server.ts";

describe.skipIf(noServer)(`a store that is refused ${onServer}`, () => {
  let root = "";
  let database: TestDatabase;
  const logger = createSilentLogger();
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "copatcher-refused-"));
    database = await createDatabase();
  });
  afterAll(async () => {
    await database.drop();
    await rm(root, { recursive: true, force: true });
  });

  const open = (databaseUrl: string) =>
    openStore({
      directory: join(root, "store"),
      databaseUrl,
      worker: "w",
      clock: createSystemClock(),
      logger,
    });
  const at = (change: (url: URL) => void): string => urlWith(change, database.url);

  /** The refusal's text; it and whatever hangs on it keep the password to themselves. */
  async function refusal(databaseUrl: string): Promise<string> {
    const error: unknown = await open(databaseUrl).then(
      (store) => store.close(),
      (reason: unknown) => reason,
    );
    if (!(error instanceof RepairError)) throw new Error("it was not refused", { cause: error });
    expect(error.code).toBe("store-unavailable");
    const { password } = new URL(databaseUrl);
    const all = JSON.stringify([error.message, error.data, String(error.cause), logger.lines]);
    expect(all).not.toContain(password);
    return error.message;
  }

  test.each<[string, (url: URL) => void, RegExp]>([
    [
      "a wrong password",
      (url) => (url.password = "quite-wrong"),
      /refuses the login \(password auth.*Check user and password/,
    ],
    [
      "a database that is not there",
      (url) => (url.pathname = "/nowhere"),
      /nowhere at 127\.0\.0\.1:\d+ does not exist .*createdb/,
    ],
    [
      "a port where nobody listens",
      (url) => (url.port = "1"),
      /cannot be reached \(connect ECONNREFUSED.*host, port/,
    ],
    ["a host that is not there", (url) => (url.hostname = "db.invalid"), /cannot be reached \(getaddrinfo/],
    [
      "an unencrypted connection",
      (url) => (url.username += "_tls"),
      /refuses the login .*\?sslmode=verify-full/,
    ],
    [
      "an unknown authority",
      (url) => url.searchParams.set("sslmode", "verify-full"),
      /certificate that is not trusted .*sslrootcert=/,
    ],
    [
      "a file that is missing",
      (url) => url.searchParams.set("sslrootcert", "/no/ca.pem"),
      /cannot be reached \(ENOENT.*\/no\/ca\.pem/,
    ],
  ])("says what to do about %s", async (_, change, text) => {
    expect(await refusal(at(change))).toMatch(text);
  });

  test("says that the server has no connection left", async () => {
    const crowded = await createDatabase("connection limit 0");

    expect(await refusal(crowded.url)).toMatch(/no connection left \(too many connections.*max_connections/);

    await crowded.drop();
  });

  test("says that a database is read-only", async () => {
    const replica = await createDatabase();
    await replica.query(`alter database ${replica.name} set default_transaction_read_only = on`);

    expect(await refusal(replica.url)).toMatch(/is read-only\. Let DATABASE_URL point to the primary/);

    await replica.drop();
  });

  test("refuses an encoding that cannot hold every text", async () => {
    const ascii = await createDatabase("encoding 'SQL_ASCII' lc_collate 'C' lc_ctype 'C' template template0");

    expect(await refusal(ascii.url)).toMatch(/has the encoding SQL_ASCII, .*--encoding=UTF8/);

    await ascii.drop();
  });

  test("says that the user may not create tables, when it starts and when it is only asked", async () => {
    const guest = `guest_${randomBytes(4).toString("hex")}`;
    await database.query(`create role ${guest} login password 'guest-password'`);
    const url = at((address) => {
      address.username = guest;
      address.password = "guest-password";
    });

    expect(await refusal(url)).toMatch(/does not let this user .*database's owner/);
    await expect(inspectServer(url, logger)).rejects.toThrow(/does not let this user create tables/);

    await database.query(`drop role ${guest}`);
  });

  test("refuses a database that a newer version wrote, and leaves it as it is", async () => {
    const newer = await createDatabase();
    await (await open(newer.url)).close();
    await newer.query("insert into kysely_migration values ('999-later', now()::text)");
    const before = await newer.query("select * from kysely_migration");

    expect(await refusal(newer.url)).toMatch(/was written by a newer Copatcher\. Start that version/);
    await expect(inspectServer(newer.url, logger)).rejects.toThrow(/newer Copatcher/);

    expect(await newer.query("select * from kysely_migration")).toEqual(before);
    await newer.drop();
  });

  test("does not wait for ever for a server that accepts and says nothing", async () => {
    const line = await openLine(database.url);
    line.stall();

    expect(await refusal(line.url)).toMatch(/did not give a connection in time/);

    await line.close();
  });

  test("tells who only asks what it would find", async () => {
    const fresh = await createDatabase();

    expect(await inspectServer(fresh.url, logger)).toMatchObject({ schema: "none" });
    await (await open(fresh.url)).close();
    expect(await inspectServer(fresh.url, logger)).toMatchObject({ schema: "current" });

    await fresh.drop();
  });
});
