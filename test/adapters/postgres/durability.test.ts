import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openEmbeddedStore } from "../../../src/adapters/postgres/embedded-store.ts";
import { createSystemClock } from "../../../src/adapters/system/clock.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";

const program = fileURLToPath(new URL("../../fixtures/store-process.ts", import.meta.url));
const patience = { timeout: 120_000, interval: 20 };

describe("the embedded store on disk", () => {
  let directory = "";
  let notesFile = "";
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    const root = await mkdtemp(join(tmpdir(), "copatcher-store-"));
    directory = join(root, "store");
    notesFile = join(root, "notes");
  });
  afterAll(async () => {
    for (const child of children) child.kill("SIGKILL");
    await rm(join(directory, ".."), { recursive: true, force: true });
  });

  const notes = async (): Promise<readonly string[]> =>
    (await readFile(notesFile, "utf8").catch(() => "")).split("\n").filter((line) => line !== "");
  const noted = async (prefix: string): Promise<readonly string[]> =>
    (await notes()).filter((line) => line.startsWith(prefix)).map((line) => line.slice(prefix.length + 1));

  function start(firstIssue: number, issues: number): ChildProcess {
    const child = spawn(
      process.execPath,
      ["--import", "tsx", program, directory, notesFile, String(firstIssue), String(issues)],
      { stdio: ["ignore", "ignore", "inherit"] },
    );
    children.push(child);
    return child;
  }
  async function kill(child: ChildProcess): Promise<void> {
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }

  test("loses nothing and repeats no finished step when its process is killed again and again", async () => {
    for (let round = 0; round < 2; round++) {
      const before = await notes();
      const child = start(1 + round * 4, 4);
      await expect.poll(async () => (await notes()).length, patience).toBeGreaterThan(before.length + 12);
      await sleep(round * 7);
      await kill(child);
    }
    const last = start(100, 0);
    const stored = await noted("stored");
    await expect
      .poll(async () => new Set(await noted("ended")).size, patience)
      .toBeGreaterThanOrEqual(stored.length);
    last.kill("SIGTERM");
    await once(last, "exit");

    const all = await notes();
    const repeated = all.filter((line, at) => {
      const kept = all.indexOf(line.replace("working", "kept"));
      return line.startsWith("working") && kept >= 0 && kept < at;
    });
    const store = await openEmbeddedStore({
      directory,
      clock: createSystemClock(),
      logger: createSilentLogger(),
    });
    const runs = await store.runs.recent(1_000);
    await store.close();
    expect(stored.length).toBeGreaterThanOrEqual(4);
    expect(stored.filter((id) => !runs.some((run) => run.id === id))).toEqual([]);
    expect(runs.filter(({ state }) => state.at !== "declined")).toEqual([]);
    expect(repeated).toEqual([]);
  }, 240_000);

  test("is refused to a second process, which is told who has it, and free again after a kill", async () => {
    const ready = (await noted("ready")).length;
    const child = start(200, 0);
    await expect.poll(async () => (await noted("ready")).length, patience).toBe(ready + 1);
    const options = { directory, clock: createSystemClock(), logger: createSilentLogger() };

    await expect(openEmbeddedStore(options)).rejects.toMatchObject({
      code: "store-unavailable",
      message: `${directory} is in use by process ${child.pid}; stop it or choose another directory.`,
    });
    await kill(child);

    const store = await openEmbeddedStore(options);
    await store.close();
  }, 240_000);
});
