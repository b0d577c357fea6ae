import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openStore, type Store } from "../../../src/adapters/postgres/store.ts";
import { createSystemClock } from "../../../src/adapters/system/clock.ts";
import { issueKey } from "../../../src/domain/issue.ts";
import { unlimited } from "../../../src/domain/limits.ts";
import { claimed, created } from "../../contracts/run-store-subject.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";
import { makeRunRequest } from "../../fixtures/run-request.ts";
import {
  createDatabase,
  noServer,
  onServer,
  type TestDatabase,
} from "../../fixtures/databases/postgres-server.ts";

/** What another version, or a clock that was wrong, may have left. */
describe.skipIf(noServer)(`strange rows in a store ${onServer}`, () => {
  let root = "";
  let database: TestDatabase;
  let store: Store;
  const logger = createSilentLogger();
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "copatcher-strange-"));
    database = await createDatabase();
    const names = { directory: join(root, "store"), databaseUrl: database.url, worker: "worker" };
    store = await openStore({ ...names, clock: createSystemClock(), logger });
  });
  afterAll(async () => {
    await store.close();
    await database.drop();
    await rm(root, { recursive: true, force: true });
  });
  beforeEach(() => database.query("delete from run"));

  const newer = `'{"at":"running","stage":"a-stage-of-later"}'`;

  test("do not keep other runs from being begun, and are left to a version that can read them", async () => {
    const strange = await created(store.runs, undefined, { priority: 9 });
    await database.query(`update run set request = '{"kind":"of-later"}' where id = '${strange.id}'`);
    const other = await created(store.runs);

    await claimed(store.runs, other);

    expect(await store.runs.claim("worker/1", unlimited)).toBeNull();
    expect(await database.query(`select at from run where id = '${strange.id}'`)).toEqual([{ at: "queued" }]);
    expect(logger.lines.filter(({ data }) => data["runId"] === strange.id)).toHaveLength(1);
  });

  test("do not keep the store from answering, nor dead workers' runs from being taken back", async () => {
    const [strange, other] = [await created(store.runs), await created(store.runs)];
    await claimed(store.runs, strange);
    await claimed(store.runs, other);
    await database.query(`update run set lease_until = now() - interval '1 s'`);
    await database.query(`update run set state = ${newer} where id = '${strange.id}'`);

    expect((await store.runs.recent(10)).map(({ id }) => id)).toEqual([other.id]);
    expect(await store.runs.recover()).toBe(2);

    expect((await store.runs.run(strange.id))?.state).toEqual({ at: "queued" });
    await database.query(`update run_transition set state = ${newer} where cause like 'claimed%'`);
    const history = await store.runs.transitions(strange.id);
    expect(history.map(({ cause }) => cause)).toEqual([
      "requested by hubot (label)",
      "interrupted: lease-expired",
    ]);
  });

  test("can be cancelled, and make way for a request that would have to wait for others", async () => {
    const [strange, replaced] = [await created(store.runs), await created(store.runs)];
    await database.query("update run set request = '{}'");

    expect(await store.runs.requestCancel(strange.id, "mona")).toBe("cancelled");
    const successor = await created(store.runs, makeRunRequest(replaced.issue.ref.number));

    expect(await database.query(`select state from run where id = '${replaced.id}'`)).toEqual([
      { state: `{"at":"cancelled","by":"hubot","successor":"${successor.id}"}` },
    ]);
  });

  test("that wait, or are held, until a time far ahead by a clock that was wrong go on at once", async () => {
    const waiting = await created(store.runs);
    await database.query(`update run set not_before = now() + interval '1 year'`);
    await claimed(store.runs, waiting);
    await database.query(`update run set lease_until = now() + interval '1 year'`);

    expect(await store.runs.recover()).toBe(1);
    await claimed(store.runs, waiting);
  });

  test("of one issue are one queued and one at work at most, whoever writes them", async () => {
    const [one, other] = [await created(store.runs), await created(store.runs)];
    const same = `update run set issue_key = '${issueKey(one.issue.ref)}' where id = '${other.id}'`;

    await expect(database.query(same)).rejects.toThrow("run_queued_issue");
    await database.query("update run set at = 'running'");
    await expect(database.query(same)).rejects.toThrow("run_running_issue");
  });

  test("of a day to come are no runs of this day", async () => {
    const { issue } = await created(store.runs);
    await database.query(`update run set created_at = now() + interval '1 year', at = 'checked'`);
    const { repo } = issue.ref;
    const limits = { ...unlimited, runsPerDay: 1 };

    const next = await created(store.runs, undefined, { limits });

    expect(next.issue.ref.repo).toEqual(repo);
  });

  test("of duties that ended long ago are forgotten: each creation on GitHub is one", async () => {
    for (const duty of ["creation 1", "creation 2"]) await store.runs.takeDuty(duty, 60_000);
    await database.query(`update duty set taken_until = now() - interval '2 days' where name = 'creation 1'`);

    await store.data.prune({ deliveries: null, steps: null, records: null, logs: null });

    const left = await database.query("select name from duty where name like 'creation %'");
    expect(left).toEqual([{ name: "creation 2" }]);
  });

  test("of duties that end far ahead let the duty be taken", async () => {
    expect(await store.runs.takeDuty("sweep", 60_000)).toBe(true);
    await database.query(`update duty set taken_until = now() + interval '1 year'`);

    expect(await store.runs.takeDuty("sweep", 60_000)).toBe(true);
    expect(await store.runs.takeDuty("sweep", 60_000)).toBe(false);
  });
});
