import { rm } from "node:fs/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { openEmbedded } from "../../../src/adapters/postgres/embedded-engine.ts";
import { type Engine, type Undo, unwind } from "../../../src/adapters/postgres/engine.ts";
import { createJournal } from "../../../src/adapters/postgres/journal.ts";
import { createKeeping, type Keeping } from "../../../src/adapters/postgres/keeping.ts";
import { createRunStore } from "../../../src/adapters/postgres/run-store.ts";
import type { RunRequest } from "../../../src/domain/run.ts";
import type { Retention } from "../../../src/ports/kept-data.ts";
import type { RunStore } from "../../../src/ports/run-store.ts";
import { keepHouse } from "../../../src/runs/housekeeping.ts";
import { createFixedClock, type FixedClock } from "../../fakes/fixed-clock.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";
import { beginRun } from "../../fixtures/begin-run.ts";
import { makeEmbeddedDirectory } from "../../fixtures/databases/embedded-directory.ts";
import { makeRunRequest } from "../../fixtures/run-request.ts";

const dayMs = 24 * 60 * 60 * 1_000;
const retention: Retention = { deliveries: 9, steps: 9, records: 9, logs: null };

const undo: Undo = [];
let engine: Engine;
let clock: FixedClock;
let runs: RunStore;
let kept: Keeping;
const logger = createSilentLogger();

beforeAll(async () => {
  const directory = await makeEmbeddedDirectory();
  undo.push(() => rm(directory, { recursive: true, force: true }));
  engine = await openEmbedded(directory, undo);
});
beforeEach(async () => {
  await sql`truncate run, delivery, duty, record_event, step cascade`.execute(engine.db);
  clock = createFixedClock();
  const parts = { db: engine.db, transact: engine.transact, clock, logger, enqueue: async () => {} };
  const user = { alone: false, worker: "test" } as const;
  runs = createRunStore({ ...parts, user, leaseMs: 30_000 });
  kept = createKeeping(parts);
});
afterAll(() => unwind(undo));

/** A run that has ended, with a step, and a delivery that was handled; ten days later. */
async function leaveOldData(request: RunRequest = makeRunRequest()): Promise<string> {
  const { claim, run } = await beginRun(runs, request);
  const journal = createJournal(
    { db: engine.db, transact: engine.transact, clock, logger, leaseMs: 30_000 },
    claim,
    new AbortController().signal,
  );
  await journal.step("answer", {}, z.string(), async () => "a step of the run");
  await runs.advance(claim, { kind: "ended", state: { at: "declined", reason: "no-candidate" } });
  await leaveDelivery(run.trigger.delivery);
  clock.advance(10 * dayMs);
  return run.id;
}

async function leaveDelivery(id: string): Promise<void> {
  await runs.receive({ id, event: "issues", payload: { text: "a body of a delivery" } });
  await runs.finishDelivery(id);
}

async function dump(): Promise<string> {
  const lines: string[] = [];
  await kept.backup.backup(async (value) => void lines.push(JSON.stringify(value)));
  return lines.join("\n");
}

const held = async (): Promise<readonly string[]> => {
  const text = await dump();
  return ["a body of a delivery", "a step of the run"].filter((words) => text.includes(words));
};

/** As if that time had passed for the database's clock. */
const pass = (hours: number) =>
  sql`update duty set taken_until = taken_until - make_interval(hours => ${hours})`.execute(engine.db);

const keep = () => keepHouse({ runs, stored: kept.data, files: [], retention, clock, logger });

test("a kind that fails keeps no other from ageing out, is told, and is tried again an hour later", async () => {
  await leaveOldData();
  await sql`create function refuse() returns trigger language plpgsql as $$ begin raise 'no space'; end $$`.execute(
    engine.db,
  );
  await sql`create trigger refuse before update on delivery execute function refuse()`.execute(engine.db);

  await keep();
  expect(await held()).toEqual(["a body of a delivery"]);
  expect(logger.lines.at(-1)).toMatchObject({
    text: "housekeeping failed",
    data: { error: expect.stringContaining("deliveries: ") as string },
  });

  await sql`drop trigger refuse on delivery`.execute(engine.db);
  await keep();
  expect(await held()).toEqual(["a body of a delivery"]);
  await pass(1);
  await keep();
  expect(await held()).toEqual([]);
});

test("what went well is done again a day later, by nobody before", async () => {
  await keep();
  await leaveOldData();

  await pass(22);
  await keep();
  expect(await held()).toHaveLength(2);
  await pass(2);
  await keep();
  expect(await held()).toEqual([]);
});

const words = { hint: "look at the weights", path: "src/weights", base: "release-7" };

test("of an old run no words of people stay, neither of the issue nor of who asked", async () => {
  const id = await leaveOldData({ ...makeRunRequest(), ...words });

  await kept.data.prune(retention);

  const text = await dump();
  const { title, body, author } = makeRunRequest().issue;
  const left = [...Object.values(words), title, body.slice(0, 20), author].filter((one) =>
    text.includes(one),
  );
  expect(left).toEqual([]);
  expect(await runs.run(id)).toMatchObject({ kind: "repair", attempt: 1, trigger: { sender: "hubot" } });
  expect(await kept.data.prune(retention)).toMatchObject({ issueTexts: 0 });
});

test("what an earlier version left of an old run goes as well, and one that cannot be read stops nothing", async () => {
  const before = await leaveOldData({ ...makeRunRequest(), ...words });
  await sql`update run set request = left(request, -1) || ',"textForgotten":true}'`.execute(engine.db);
  const strange = await leaveOldData();
  await sql`update run set request = '{"kind":"of-later","text":"of later"}' where id = ${strange}`.execute(
    engine.db,
  );

  expect(await kept.data.prune(retention)).toMatchObject({ issueTexts: 2 });

  const text = await dump();
  expect([words.hint, "of later"].filter((one) => text.includes(one))).toEqual([]);
  expect(await runs.run(before)).toMatchObject({ issue: { title: "" } });
});
