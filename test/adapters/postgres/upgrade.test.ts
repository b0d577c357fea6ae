import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { openPglite } from "../../../src/adapters/postgres/pglite-engine.ts";
import { openStore, type Store } from "../../../src/adapters/postgres/store.ts";
import { createSystemClock } from "../../../src/adapters/system/clock.ts";
import { unlimited } from "../../../src/domain/limits.ts";
import type { Claim } from "../../../src/ports/run-store.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";
import { makeEmbeddedDirectory } from "../../fixtures/databases/embedded-directory.ts";
import { createDatabase, noServer, onServer } from "../../fixtures/databases/postgres-server.ts";

const dump = new URL("../../fixtures/databases/001-first-tables.sql", import.meta.url);
const readDump = (): Promise<string> => readFile(dump, "utf8");

/** In the dump: what the runs of the first released schema had come to. */
const runs = {
  proposed: "0mwor0gf428nqcskter",
  declined: "0mwor0ka0m99mshg1im",
  failed: "0mwor0mlclib24k6l59",
  running: "0mwor0owov8de7jdulc",
  runningUnwanted: "0mwor0rzs5dmpl9sj7n",
  queued: "0mwor0tjc3upkpcvb5k",
  cancelled: "0mwor0ub4iacrcst9un",
};

type Opened = { readonly directory: string; readonly databaseUrl: string | null; remove(): Promise<void> };

async function embeddedDatabase(): Promise<Opened> {
  const directory = await makeEmbeddedDirectory();
  const pglite = await openPglite(join(directory, "pgdata"));
  await pglite.exec(await readDump());
  await pglite.close();
  return { directory, databaseUrl: null, remove: () => rm(directory, { recursive: true, force: true }) };
}

async function serverDatabase(): Promise<Opened> {
  const directory = await mkdtemp(join(tmpdir(), "copatcher-upgrade-"));
  const database = await createDatabase();
  await database.query(await readDump());
  return {
    directory,
    databaseUrl: database.url,
    async remove() {
      await database.drop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function upgradeSuite(make: () => Promise<Opened>): void {
  let opened: Opened;
  let store: Store;
  beforeAll(async () => {
    opened = await make();
    store = await open(opened);
  });
  afterAll(async () => {
    await store?.close();
    await opened?.remove();
  });
  const open = ({ directory, databaseUrl }: Opened): Promise<Store> =>
    openStore({
      directory,
      databaseUrl,
      worker: "upgraded",
      clock: createSystemClock(),
      logger: createSilentLogger(),
    });

  test("keeps what every run had come to", async () => {
    const states = await Promise.all(
      Object.entries(runs).map(async ([name, id]) => [name, (await store.runs.run(id))?.state] as const),
    );

    expect(Object.fromEntries(states)).toEqual({
      proposed: { at: "proposed", pullRequest: 12, url: "https://github.example/octo/parcels/pull/12" },
      declined: { at: "declined", reason: "no-candidate" },
      failed: { at: "failed", code: "sandbox-failed" },
      running: { at: "running", stage: "generate" },
      runningUnwanted: { at: "running", stage: "checkout" },
      queued: { at: "queued" },
      cancelled: { at: "cancelled", by: "mona" },
    });
    expect((await store.runs.recent(100)).map(({ id }) => id)).toEqual(Object.values(runs).toReversed());
  });

  test("keeps deliveries with what no JSON column could hold", async () => {
    expect(await store.runs.delivery("delivery-waiting")).toEqual({
      id: "delivery-waiting",
      event: "issues",
      payload: { action: "labeled", issue: { number: 2 }, text: "a\u0000b" },
    });
    expect(await store.runs.receive({ id: "delivery-handled", event: "issues", payload: {} })).toBe(
      "duplicate",
    );
  });

  test("takes up what was running where it stopped, and what was waiting", async () => {
    await store.runs.recover();
    const claims: Claim[] = [];
    for (let claim = await claimNext(); claim !== null; claim = await claimNext()) claims.push(claim);
    const claimed = new Map(claims.map((claim) => [claim.run.id, claim]));
    const resumed = claimed.get(runs.running);
    if (resumed === undefined) throw new Error("the run that was at work is lost");

    const paid = () => Promise.reject(new Error("paid again"));
    expect(await store.journal(resumed).step("generate/0", { seed: 1 }, z.number(), paid)).toBe(17);
    expect(claimed.has(runs.queued)).toBe(true);
    expect(claimed.get(runs.runningUnwanted)?.orders.cancel).toMatchObject({ by: "mona" });
    for (const claim of claims) await store.runs.release(claim);
  });

  const claimNext = (): Promise<Claim | null> => store.runs.claim("upgraded/1", unlimited);

  test("does nothing more when it is opened again", async () => {
    const before = await store.runs.run(runs.proposed);
    await store.close();
    store = await open(opened);

    expect(await store.runs.run(runs.proposed)).toEqual(before);
  });
}

describe("an embedded database of the first schema", () => {
  upgradeSuite(embeddedDatabase);
});
describe.skipIf(noServer)(`a database of the first schema ${onServer}`, () => {
  upgradeSuite(serverDatabase);
});
