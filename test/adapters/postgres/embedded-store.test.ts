import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPglite } from "../../../src/adapters/postgres/pglite-engine.ts";
import { openStore, type Store } from "../../../src/adapters/postgres/store.ts";
import { createSystemClock } from "../../../src/adapters/system/clock.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";
import { makeEmbeddedDirectory } from "../../fixtures/databases/embedded-directory.ts";
import { recoveryContract } from "../../contracts/run-recovery.ts";
import { storeSuite } from "./store-suite.ts";

const logger = createSilentLogger();
const directories: string[] = [];

async function makeDirectory(): Promise<string> {
  const directory = await makeEmbeddedDirectory();
  directories.push(directory);
  return directory;
}

function openEmbedded(directory: string, leaseMs: number): Promise<Store> {
  const names = { directory, databaseUrl: null, worker: "worker" };
  return openStore({ ...names, clock: createSystemClock(), logger, stopLimitMs: 1_000, leaseMs });
}

let store: Store;
let impatient: Store;
beforeAll(async () => {
  store = await openEmbedded(await makeDirectory(), 30_000);
  impatient = await openEmbedded(await makeDirectory(), 250);
});
afterAll(async () => {
  await Promise.all([store.close(), impatient.close()]);
  for (const directory of directories) await rm(directory, { recursive: true, force: true });
});

storeSuite("the embedded store", async () => ({ store, impatient, logger, close: async () => {} }));

let reopened: string | null = null;
recoveryContract("the embedded store", async () =>
  openEmbedded((reopened ??= await makeDirectory()), 30_000),
);

test("refuses a database that a newer version wrote, and leaves it as it is", async () => {
  const directory = await makeDirectory();
  const names = async (work: string) => {
    const pglite = await openPglite(join(directory, "pgdata"));
    await pglite.exec(work);
    const { rows } = await pglite.query<{ name: string }>(
      "select table_name as name from information_schema.tables where table_schema = 'public'",
    );
    await pglite.close();
    return rows;
  };
  const migrations = "create table kysely_migration (name text primary key, timestamp text not null)";
  const before = await names(`${migrations}; insert into kysely_migration values ('999-later', 'now')`);

  await expect(openEmbedded(directory, 30_000)).rejects.toMatchObject({
    code: "store-unavailable",
    message: expect.stringContaining("was written by a newer Copatcher. Start that version") as string,
  });

  expect(await names("")).toEqual(before);
});

test("lets timers tick while it is queried without a pause", async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);

  for (let query = 0; query < 100; query++) await store.runs.run("nobody");
  clearInterval(timer);

  expect(ticks).toBeGreaterThan(10);
});
