import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe } from "vitest";
import { openStore, type Store } from "../../../src/adapters/postgres/store.ts";
import { createSystemClock } from "../../../src/adapters/system/clock.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";
import { createDatabase, noServer, onServer } from "../../fixtures/databases/postgres-server.ts";
import { recoveryContract } from "../../contracts/run-recovery.ts";
import { storeSuite } from "./store-suite.ts";

describe.skipIf(noServer)(`a store ${onServer}`, () => {
  let openWorker: () => Promise<Store>;
  storeSuite("the store on a server", async () => {
    const database = await createDatabase();
    const root = await mkdtemp(join(tmpdir(), "copatcher-server-store-"));
    const logger = createSilentLogger();
    const open = (worker: string, leaseMs: number) => {
      const names = { directory: join(root, worker), databaseUrl: database.url, worker };
      return openStore({ ...names, clock: createSystemClock(), logger, stopLimitMs: 1_000, leaseMs });
    };
    openWorker = () => open("worker", 30_000);
    const [store, impatient] = await Promise.all([open("patient", 30_000), open("impatient", 250)]);
    return {
      store,
      impatient,
      logger,
      async close() {
        await Promise.all([store.close(), impatient.close()]);
        await database.drop();
        await rm(root, { recursive: true, force: true });
      },
    };
  });
  recoveryContract("the store on a server", () => openWorker());
});
