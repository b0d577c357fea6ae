import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { openStore, type Store } from "../../../src/adapters/postgres/store.ts";
import { createSystemClock } from "../../../src/adapters/system/clock.ts";
import { unlimited } from "../../../src/domain/limits.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";
import { makeRunRequest, policy } from "../../fixtures/run-request.ts";
import { type BreakableLine, openLine } from "../../fixtures/databases/breakable-line.ts";
import {
  createDatabase,
  noServer,
  onServer,
  queryAt,
  type TestDatabase,
} from "../../fixtures/databases/postgres-server.ts";

const delivery = () => ({ id: randomUUID(), event: "issues", payload: { action: "labeled" } });

describe.skipIf(noServer)(`a store that is left alone ${onServer}`, () => {
  let root = "";
  let database: TestDatabase;
  let line: BreakableLine;
  let store: Store;
  const logger = createSilentLogger();
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "copatcher-outage-"));
    database = await createDatabase();
    line = await openLine(database.url);
    store = await openStore({
      directory: join(root, "store"),
      databaseUrl: line.url,
      worker: "worker",
      clock: createSystemClock(),
      logger,
      stopLimitMs: 1_000,
    });
  });
  afterAll(async () => {
    await store.close();
    await line.close();
    await database.drop();
    await rm(root, { recursive: true, force: true });
  });

  const unavailable = (message: RegExp) => ({
    code: "store-unavailable",
    retryable: true,
    message: expect.stringMatching(message),
  });
  const stored = async (id: string) => {
    const deliveries = await database.query(`select id from delivery where id = '${id}'`);
    const jobs = await database.query(`select id from pgboss.job where data->>'id' = '${id}'`);
    return { deliveries: deliveries.length, jobs: jobs.length };
  };

  test.each(["insert into", "commit"])("stores nothing when the line is cut before %s", async (statement) => {
    const received = delivery();
    line.cutOnce(statement, "before");

    await expect(store.runs.receive(received)).rejects.toMatchObject(unavailable(/ended the connection/));

    expect(await stored(received.id)).toEqual({ deliveries: 0, jobs: 0 });
    expect(await store.runs.receive(received)).toBe("stored");
    expect(await stored(received.id)).toEqual({ deliveries: 1, jobs: 1 });
  });

  test.each([
    ['insert into "step"', "before"],
    ["commit", "after"],
    ['from "step"', "before"],
  ] as const)("keeps an answer although the line is cut at %s", async (statement, when) => {
    const outcome = await store.runs.request(makeRunRequest(), { ...policy, priority: 1 });
    if (outcome.kind !== "created") throw new Error(outcome.kind);
    const claim = await store.runs.claim("worker/1", unlimited);
    if (claim === null) throw new Error("nothing to claim");
    let asked = 0;
    const ask = () => store.journal(claim).step("sample/1", {}, z.number(), () => Promise.resolve(++asked));
    line.cutOnce(statement, when);

    expect(await ask()).toBe(1);

    expect(await ask()).toBe(1);
    await store.runs.advance(claim, { kind: "ended", state: { at: "checked" } });
  });

  test("keeps an answer although the server refuses connections for 5 s when it comes", async () => {
    const outcome = await store.runs.request(makeRunRequest(), { ...policy, priority: 1 });
    if (outcome.kind !== "created") throw new Error(outcome.kind);
    const claim = await store.runs.claim("worker/1", unlimited);
    if (claim === null) throw new Error("nothing to claim");
    let asked = 0;
    const ask = () =>
      store.journal(claim).step("sample/1", {}, z.number(), async () => {
        await line.refuseFor(5_000);
        return ++asked;
      });

    expect(await ask()).toBe(1);

    expect(await store.journal(claim).step("sample/1", {}, z.number(), async () => 2)).toBe(1);
    await store.runs.advance(claim, { kind: "ended", state: { at: "checked" } });
  }, 30_000);

  test("stores once what it could not acknowledge", async () => {
    const received = delivery();
    line.cutOnce("commit", "after");

    await expect(store.runs.receive(received)).rejects.toMatchObject(unavailable(/ended the connection/));

    await expect.poll(() => stored(received.id)).toEqual({ deliveries: 1, jobs: 1 });
    expect(await store.runs.receive(received)).toBe("duplicate");
    expect(await stored(received.id)).toEqual({ deliveries: 1, jobs: 1 });
  });

  test("goes on when every connection was ended between two requests, and hands out jobs again", async () => {
    const seen = new Set<string>();
    await store.queue.work("delivery", 1, async (id) => void seen.add(id));
    const [first, second] = [delivery(), delivery()];
    await store.runs.receive(first);
    await expect.poll(() => seen.has(first.id), { timeout: 10_000 }).toBe(true);

    await queryAt(
      database.url,
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'copatcher%' and datname = current_database()",
    );
    await expect
      .poll(() => logger.lines.map(({ text }) => text))
      .toContain("an idle database connection was lost");
    await expect.poll(() => store.runs.receive(second), { timeout: 10_000 }).toBe("stored");

    await expect.poll(() => seen.has(second.id), { timeout: 20_000 }).toBe(true);
    await store.queue.stop();
  });

  test("says that the disk is full, and stores again when it is not", async () => {
    const received = delivery();
    await database.query(`create function full_disk() returns trigger language plpgsql as
      $$ begin raise exception 'could not extend file' using errcode = 'disk_full'; end $$`);
    await database.query(
      "create trigger full_disk before insert on pgboss.job_common execute function full_disk()",
    );

    await expect(store.runs.receive(received)).rejects.toMatchObject(
      unavailable(/no resources left \(could not extend file\)\. Free or add disk space/),
    );

    expect(await stored(received.id)).toEqual({ deliveries: 0, jobs: 0 });
    await database.query("drop trigger full_disk on pgboss.job_common");
    expect(await store.runs.receive(received)).toBe("stored");
  });

  test("says that the database has become read-only, and stores again when it is not", async () => {
    const received = delivery();
    const setReadOnly = async (change: string): Promise<void> => {
      await database.query(`begin read write; alter database ${database.name} ${change}; commit`);
      // who is connected does not notice the change
      await database.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'copatcher%' and datname = current_database()",
      );
    };
    await setReadOnly("set default_transaction_read_only = on");

    await expect
      .poll(() => store.runs.receive(received).catch((error: unknown) => String(error)), { timeout: 10_000 })
      .toMatch(/is read-only .*Let DATABASE_URL point to the primary/);

    await setReadOnly("reset default_transaction_read_only");
    await expect.poll(() => store.runs.receive(received).catch(String), { timeout: 10_000 }).toBe("stored");
  });

  test("begins a transaction again that had to make way for another", async () => {
    const received = delivery();
    await database.query("create sequence given_way");
    await database.query(`create function give_way() returns trigger language plpgsql as
      $$ begin if nextval('given_way') < 3 then raise exception 'deadlock' using errcode = '40P01'; end if;
      return new; end $$`);
    await database.query(
      "create trigger give_way before insert on delivery for each row execute function give_way()",
    );

    expect(await store.runs.receive(received)).toBe("stored");

    await database.query("drop trigger give_way on delivery");
    expect(await stored(received.id)).toEqual({ deliveries: 1, jobs: 1 });
  });

  test("does not wait for ever for a lock", async () => {
    const locker = database.query("begin; lock table delivery; select pg_sleep(60); rollback");
    const ended = locker.catch((error: unknown) => String(error));
    await expect
      .poll(() => database.query("select 1 from pg_locks where mode = 'AccessExclusiveLock' and granted"))
      .not.toEqual([]);

    await expect(store.runs.receive(delivery())).rejects.toMatchObject(
      unavailable(/takes too long to answer \(canceling statement due to lock timeout/),
    );

    await queryAt(
      database.url,
      "select pg_terminate_backend(pid) from pg_stat_activity where query like 'begin; lock%' and datname = current_database()",
    );
    expect(await ended).toContain("terminating connection");
  });

  test("closes although the server says nothing any more", async () => {
    await store.queue.work("delivery", 1, async () => {});
    line.stall();
    const stuck = store.runs.receive(delivery()).catch((error: unknown) => String(error));

    await store.close();

    line.cut();
    expect(await stuck).toMatch(/ended the connection/);
  });
});
