import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStore, type Store } from "../../../src/adapters/postgres/store.ts";
import { unlimited } from "../../../src/domain/limits.ts";
import { fileCopiesContract } from "../../contracts/file-copies.ts";
import { recordStoreContract } from "../../contracts/record-store.ts";
import { storedDataContract } from "../../contracts/stored-data.ts";
import { createFixedClock, type FixedClock } from "../../fakes/fixed-clock.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";
import { beginRun } from "../../fixtures/begin-run.ts";
import { createDatabase, noServer, onServer } from "../../fixtures/databases/postgres-server.ts";

describe.skipIf(noServer)(`what a store keeps ${onServer}`, () => {
  const closing: (() => Promise<void>)[] = [];
  let root: string;
  let store: Store;
  let clock: FixedClock;

  async function open(worker: string, databaseUrl: string | null): Promise<Store> {
    const logger = createSilentLogger();
    const directory = join(root, worker);
    const opened = await openStore({ directory, databaseUrl, worker, clock, logger, stopLimitMs: 1_000 });
    closing.push(() => opened.close());
    return opened;
  }

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "copatcher-server-keeping-"));
    clock = createFixedClock();
    const database = await createDatabase();
    closing.push(() => database.drop());
    store = await open("server", database.url);
  });
  afterAll(async () => {
    for (const close of closing.toReversed()) await close();
    await rm(root, { recursive: true, force: true });
  });

  recordStoreContract("the store on a server", () => store);
  fileCopiesContract("the store on a server", () => store.files);
  storedDataContract("the store on a server", () => ({ store, clock }));

  test("a back-up of an embedded store goes on on a server", async () => {
    const embedded = await open("embedded", null);
    const { run, claim } = await beginRun(embedded.runs);
    await embedded.runs.release(claim);
    const values: unknown[] = [];
    await embedded.backup.backup(async (value) => void values.push(JSON.parse(JSON.stringify(value))));
    const database = await createDatabase();
    closing.unshift(() => database.drop());
    const server = await open("moved", database.url);

    await server.backup.restore(each(values));

    const next = await server.runs.claim("worker-1", unlimited);
    expect(next?.run.id).toBe(run.id);
    expect(await server.runs.transitions(run.id)).toHaveLength(4);
  });
});

async function* each(values: readonly unknown[]): AsyncIterable<unknown> {
  yield* values;
}
