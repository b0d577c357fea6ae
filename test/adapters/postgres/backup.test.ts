import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { openEmbedded } from "../../../src/adapters/postgres/embedded-engine.ts";
import { type Undo, unwind } from "../../../src/adapters/postgres/engine.ts";
import { openStore, type Store } from "../../../src/adapters/postgres/store.ts";
import { storedTables } from "../../../src/adapters/postgres/stored-rows.ts";
import { sha256 } from "../../../src/domain/canonical-json.ts";
import { unlimited } from "../../../src/domain/limits.ts";
import { createSystemClock } from "../../../src/adapters/system/clock.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";
import { beginRun } from "../../fixtures/begin-run.ts";
import { makeRunRequest, policy } from "../../fixtures/run-request.ts";

const directories: string[] = [];
let full: Store;
let empty: Store;
/** Into which nothing is ever restored. */
let refusing: Store;

async function open(): Promise<Store> {
  const directory = await mkdtemp(join(tmpdir(), "copatcher-backup-"));
  directories.push(directory);
  const clock = createSystemClock();
  const logger = createSilentLogger();
  return openStore({ directory, databaseUrl: null, worker: "test", clock, logger, stopLimitMs: 1_000 });
}

beforeAll(async () => {
  [full, empty, refusing] = [await open(), await open(), await open()];
});
afterAll(async () => {
  for (const store of [full, empty, refusing]) await store.close();
  for (const directory of directories) await rm(directory, { recursive: true, force: true });
});

async function linesOf(store: Store): Promise<readonly string[]> {
  const lines: string[] = [];
  const rows = await store.backup.backup(async (value) => {
    lines.push(JSON.stringify(value));
  });
  expect(lines).toHaveLength(rows + 2);
  return lines;
}

async function* parsed(lines: readonly string[]): AsyncIterable<unknown> {
  for (const line of lines) yield JSON.parse(line);
}

test("a restored store has the same rows, goes on with its runs and wakes those that wait", async () => {
  const { claim, run } = await beginRun(full.runs);
  await full.runs.receive({ id: "d-1", event: "issues", payload: { text: "NUL \u0000 \ud83d" } });
  await full.journal(claim).step("long", {}, z.string(), async () => "z".repeat(100_000));
  const text = "a patch";
  const event = { kind: "rejection", sample: "s", reason: "r", detail: "d" } as const;
  const texts = [{ sha256: sha256(text), text }];
  await full.records.append(run.id, [{ id: "e-1", time: 1, event, blobs: [sha256(text)], texts }]);
  for (let more = 0; more < 120; more += 1) await full.runs.request(makeRunRequest(), policy);
  const waiting = await full.runs.request(makeRunRequest(), policy);
  await full.runs.release(claim);

  const lines = await linesOf(full);
  await empty.backup.restore(parsed(lines));
  const woken = await new Promise<string>((resolve, reject) => {
    empty.queue.work("run", 1, async (id) => resolve(id)).catch(reject);
  });

  expect(unnumbered(await linesOf(empty))).toEqual(unnumbered(lines));
  expect(woken).not.toBe("");
  expect(await empty.records.text(sha256(text))).toBe(text);
  const again = await empty.runs.claim("worker-2", unlimited);
  expect(again?.run.id).toBe(run.id);
  if (again === null) return;
  const step = empty
    .journal(again)
    .step("long", {}, z.string(), () => Promise.reject(new Error("done twice")));
  await expect(step).resolves.toHaveLength(100_000);
  // numbers go on behind the restored ones
  const created = await empty.runs.request(makeRunRequest(), policy);
  expect([waiting.kind, created.kind]).toEqual(["created", "created"]);
});

/** A new store numbers rows anew, in the same order. */
const unnumbered = (lines: readonly string[]): readonly string[] =>
  lines.map((line) => line.replace(/"sequence":\d+,?/, ""));

test.each([
  ["is cut off", (lines: readonly string[]) => lines.slice(0, -3)],
  ["lost a line", (lines: readonly string[]) => lines.toSpliced(3, 1)],
  ["is something else", () => ['{"hello":1}']],
  ["is empty", () => []],
  [
    "is of another version",
    (lines: readonly string[]) => [lines[0]?.replace("001-", "000-") ?? "", ...lines.slice(1)],
  ],
])("a backup that %s is refused, and leaves the store empty", async (_, damage) => {
  const lines = damage(await linesOf(full));

  await expect(refusing.backup.restore(parsed(lines))).rejects.toMatchObject({ code: "usage" });

  expect(await linesOf(refusing)).toHaveLength(2);
});

test("a backup holds every table there is, but the one of who is at work", async () => {
  const directory = await mkdtemp(join(tmpdir(), "copatcher-tables-"));
  directories.push(directory);
  const undo: Undo = [];
  try {
    const { db } = await openEmbedded(directory, undo);
    const { rows } = await sql<{ name: string }>`select table_name as name from information_schema.tables
      where table_schema = 'public' and table_name not like 'kysely_%'`.execute(db);

    const held = [...storedTables.map(({ name }) => name), "duty"];
    expect(rows.map(({ name }) => name).sort()).toEqual(held.sort());
  } finally {
    await unwind(undo);
  }
});
