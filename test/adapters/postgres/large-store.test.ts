import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { openStore, type Store } from "../../../src/adapters/postgres/store.ts";
import { createSystemClock } from "../../../src/adapters/system/clock.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";
import { beginRun } from "../../fixtures/begin-run.ts";
import {
  createDatabase,
  noServer,
  onServer,
  type TestDatabase,
  urlWith,
} from "../../fixtures/databases/postgres-server.ts";

/** Of bodies, jobs and texts that belong to others; each a multiple of what one statement may look through. */
const [bodies, jobs, texts] = [600, 300_000, 150_000];

/** Long enough for a page on a busy machine, too short for all of them. */
const statementMs = 700;

describe.skipIf(noServer)(`removal from a large store ${onServer}`, () => {
  let root = "";
  let database: TestDatabase;
  let store: Store;
  const open = (databaseUrl: string): Promise<Store> =>
    openStore({
      directory: join(root, "store"),
      databaseUrl,
      worker: "worker",
      clock: createSystemClock(),
      logger: createSilentLogger(),
    });

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "copatcher-large-"));
    database = await createDatabase();
    await (await open(database.url)).close();
    await database.query(`insert into delivery (id, event, payload, received_at, handled_at)
      select 'bulk-' || i, 'push', '{"repository":{"full_name":"octo/other"},"text":"' ||
        repeat(md5(i::text), 20000) || '"}', now(), now() from generate_series(1, ${bodies}) as i`);
    await database.query(`insert into pgboss.job (name, data, state)
      select 'delivery', jsonb_build_object('id', 'bulk-' || i), 'completed' from generate_series(1, ${jobs}) as i`);
    await database.query(
      `insert into record_blob select md5(i::text), '\\x00' from generate_series(1, ${texts}) as i`,
    );
    store = await open(
      urlWith((url) => url.searchParams.set("statement_timeout", String(statementMs)), database.url),
    );
  }, 120_000);
  afterAll(async () => {
    await store?.close();
    await database?.drop();
    await rm(root, { recursive: true, force: true });
  });

  test("ends although no statement may take long", async () => {
    const { claim, run } = await beginRun(store.runs);
    const { repo, number } = run.issue.ref;
    const payload = { repository: { full_name: `${repo.owner}/${repo.name}` }, issue: { number } };
    for (let one = 0; one < 20; one += 1)
      await store.runs.receive({ id: `own-${one}`, event: "issues", payload });
    await store.journal(claim).step("long", {}, z.string(), async () => "x".repeat(70_000));
    await store.runs.advance(claim, { kind: "ended", state: { at: "declined", reason: "no-candidate" } });

    const removed = await store.data.remove({ kind: "issue", issue: run.issue.ref });

    expect(removed).toMatchObject({ runs: 1, steps: 1, blobs: 1, deliveries: 20 });
    expect(removed["jobs"]).toBeGreaterThanOrEqual(21);
    expect(
      await database.query("select count(*)::int as bodies from delivery where payload != '{}'"),
    ).toEqual([{ bodies }]);
  }, 120_000);

  test("that is broken off leaves the delivery that ordered it, to be ended by it", async () => {
    const { claim, run } = await beginRun(store.runs);
    await store.runs.advance(claim, { kind: "ended", state: { at: "declined", reason: "no-candidate" } });
    const { repo, number } = run.issue.ref;
    const scope = { kind: "issue", issue: run.issue.ref } as const;
    const repository = { full_name: `${repo.owner}/${repo.name}` };
    const payload = { action: "deleted", repository, issue: { number } };
    await store.runs.receive({ id: "order", event: "issues", payload });
    await database.query(`create function keep() returns trigger language plpgsql as
      $$ begin raise 'the server goes away' using errcode = '57P01'; end $$`);
    await database.query("create trigger keep before delete on run for each row execute function keep()");

    await expect(store.data.remove(scope)).rejects.toMatchObject({ code: "store-unavailable" });
    expect(await store.runs.delivery("order")).toMatchObject({ payload });
    await database.query("drop trigger keep on run");
    await store.data.remove(scope);

    expect(await store.runs.delivery("order")).toBeNull();
    expect(await store.runs.run(run.id)).toBeNull();
  });

  test("and housekeeping still finds all that nobody refers to", async () => {
    await store.data.prune({ deliveries: null, steps: null, records: null, logs: null });

    expect(await database.query("select count(*)::int as texts from record_blob")).toEqual([{ texts: 0 }]);
  }, 120_000);
});
