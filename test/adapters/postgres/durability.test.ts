import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStore, type Store } from "../../../src/adapters/postgres/store.ts";
import { createSystemClock } from "../../../src/adapters/system/clock.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";
import { fillWithDatabase } from "../../fixtures/databases/embedded-directory.ts";
import {
  createDatabase,
  noServer,
  onServer,
  type TestDatabase,
} from "../../fixtures/databases/postgres-server.ts";

const program = fileURLToPath(new URL("../../fixtures/store-process.ts", import.meta.url));
const patience = { timeout: 120_000, interval: 20 };

/** Processes that work on a store, and what they noted. */
function createProcesses(root: () => string, databaseUrl: () => string | null) {
  const children: ChildProcess[] = [];
  const notesFile = () => join(root(), "notes");
  const notes = async (): Promise<readonly string[]> =>
    (await readFile(notesFile(), "utf8").catch(() => "")).split("\n").filter((line) => line !== "");
  return {
    notes,
    noted: async (prefix: string): Promise<readonly string[]> =>
      (await notes()).filter((line) => line.startsWith(prefix)).map((line) => line.slice(prefix.length + 1)),
    start(directory: string, firstIssue: number, issues: number, stepMs = 15): ChildProcess {
      const numbers = [firstIssue, issues, stepMs].map(String);
      const what = [directory, notesFile(), ...numbers, databaseUrl() ?? []].flat();
      const child = spawn(process.execPath, ["--import", "tsx", program, ...what], {
        stdio: ["ignore", "ignore", "inherit"],
      });
      children.push(child);
      return child;
    },
    async end(child: ChildProcess, signal: "SIGKILL" | "SIGTERM"): Promise<void> {
      child.kill(signal);
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
    killAll() {
      for (const child of children) child.kill("SIGKILL");
    },
    /** Steps that were begun again although they had been kept. */
    async repeated(): Promise<readonly string[]> {
      const all = await notes();
      return all.filter((line, at) => {
        const kept = all.indexOf(line.replace("working", "kept"));
        return line.startsWith("working") && kept >= 0 && kept < at;
      });
    },
  };
}

const open = (directory: string, databaseUrl: string | null): Promise<Store> =>
  openStore({
    directory,
    databaseUrl,
    worker: "reader",
    clock: createSystemClock(),
    logger: createSilentLogger(),
  });

async function expectAllDone(store: Store, stored: readonly string[]): Promise<void> {
  const runs = await store.runs.recent(1_000);
  await store.close();
  expect(stored.filter((id) => !runs.some((run) => run.id === id))).toEqual([]);
  expect(runs.filter(({ state }) => state.at !== "declined")).toEqual([]);
}

describe("the embedded store on disk", () => {
  let root = "";
  let directory = "";
  const processes = createProcesses(
    () => root,
    () => null,
  );
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "copatcher-store-"));
    directory = join(root, "store");
    await fillWithDatabase(directory);
  });
  afterAll(async () => {
    processes.killAll();
    await rm(root, { recursive: true, force: true });
  });

  test("loses nothing and repeats no finished step when its process is killed again and again", async () => {
    for (let round = 0; round < 2; round++) {
      const before = await processes.notes();
      const child = processes.start(directory, 1 + round * 4, 4);
      await expect
        .poll(async () => (await processes.notes()).length, patience)
        .toBeGreaterThan(before.length + 12);
      await sleep(round * 7);
      await processes.end(child, "SIGKILL");
    }
    const last = processes.start(directory, 100, 0);
    const stored = await processes.noted("stored");
    await expect
      .poll(async () => new Set(await processes.noted("ended")).size, patience)
      .toBeGreaterThanOrEqual(stored.length);
    await processes.end(last, "SIGTERM");

    expect(stored.length).toBeGreaterThanOrEqual(4);
    expect(await processes.repeated()).toEqual([]);
    await expectAllDone(await open(directory, null), stored);
  }, 240_000);

  test("is refused to a second process, which is told who has it, and free again after a kill", async () => {
    const ready = (await processes.noted("ready")).length;
    const child = processes.start(directory, 200, 0);
    await expect.poll(async () => (await processes.noted("ready")).length, patience).toBe(ready + 1);

    await expect(open(directory, null)).rejects.toMatchObject({
      code: "store-unavailable",
      message: `${directory} is in use by process ${child.pid}; stop it or choose another directory.`,
    });
    await processes.end(child, "SIGKILL");

    const store = await open(directory, null);
    await store.close();
  }, 240_000);
});

describe.skipIf(noServer)(`several processes ${onServer}`, () => {
  let root = "";
  let database: TestDatabase;
  const processes = createProcesses(
    () => root,
    () => database.url,
  );
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "copatcher-store-"));
    database = await createDatabase();
  });
  afterAll(async () => {
    processes.killAll();
    await database.drop();
    await rm(root, { recursive: true, force: true });
  });

  test("four that start at once make one schema, and those that live finish what a killed one had", async () => {
    const [first, ...others] = [0, 1, 2, 3].map((place) =>
      processes.start(join(root, `worker-${place}`), 1 + place * 3, 3),
    );
    if (first === undefined) throw new Error("nothing was started");
    await expect.poll(async () => (await processes.noted("kept")).length, patience).toBeGreaterThan(4);
    await processes.end(first, "SIGKILL");
    await expect
      .poll(async () => (await processes.noted("ready")).length, patience)
      .toBeGreaterThanOrEqual(3);

    const store = await open(join(root, "reader"), database.url);
    const live = async () =>
      (await store.runs.recent(1_000)).filter(({ state }) => state.at === "queued" || state.at === "running");
    await expect
      .poll(async () => [(await processes.noted("stored")).length >= 9, (await live()).length], patience)
      .toEqual([true, 0]);
    for (const other of others) await processes.end(other, "SIGTERM");

    expect(await processes.repeated()).toEqual([]);
    expect(new Set(await processes.noted("ended")).size).toBe((await processes.noted("ended")).length);
    await expectAllDone(store, await processes.noted("stored"));
  }, 240_000);

  test("one that freezes at work and wakes when another is at it writes nothing any more", async () => {
    const count = async (what: string) => (await processes.noted(what)).length;
    const [working, kept, ended] = [await count("working"), await count("kept"), await count("ended")];
    const frozen = processes.start(join(root, "frozen"), 500, 1, 400);
    await expect.poll(() => count("working"), patience).toBe(working + 2);
    frozen.kill("SIGSTOP");
    const other = processes.start(join(root, "other"), 600, 0, 400);
    await expect.poll(() => count("working"), patience).toBe(working + 3);

    frozen.kill("SIGCONT");
    await expect.poll(() => count("ended"), patience).toBe(ended + 1);
    // they close their stores only when their handlers have come to an end
    for (const one of [frozen, other]) await processes.end(one, "SIGTERM");

    const steps = (await processes.noted("kept")).slice(kept).map((step) => Number(step.split("/")[1]));
    // the first by both: the other one has it from the journal
    expect(steps.toSorted((a, b) => a - b)).toEqual([0, 0, 1, 2, 3, 4]);
    expect(await count("ended")).toBe(ended + 1);
    const id = (await processes.noted("stored")).at(-1);
    const history = await database.query(
      `select cause from run_transition where run_id = '${id}' order by sequence`,
    );
    expect(history.map(({ cause }) => String(cause).replace(/ by .*/, ""))).toEqual([
      "requested",
      "claimed",
      "interrupted: lease-expired",
      "claimed",
      "declined",
    ]);
  }, 240_000);
});
