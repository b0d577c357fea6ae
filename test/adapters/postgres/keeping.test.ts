import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { openStore, type Store } from "../../../src/adapters/postgres/store.ts";
import { fileCopiesContract } from "../../contracts/file-copies.ts";
import { recordStoreContract } from "../../contracts/record-store.ts";
import { storedDataContract } from "../../contracts/stored-data.ts";
import { createFixedClock, type FixedClock } from "../../fakes/fixed-clock.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";

// Creating a database costs seconds of processor time, so the suites share one.
let directory: string;
let store: Store;
let clock: FixedClock;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "copatcher-keeping-"));
  clock = createFixedClock();
  store = await openStore({
    directory,
    databaseUrl: null,
    worker: "test",
    clock,
    logger: createSilentLogger(),
    stopLimitMs: 1_000,
  });
});
afterAll(async () => {
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

recordStoreContract("the embedded store", () => store);
fileCopiesContract("the embedded store", () => store.files);
storedDataContract("the embedded store", () => ({ store, clock }));
