import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { Command } from "commander";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createRunReports } from "../../src/adapters/files/run-reports.ts";
import { openStore } from "../../src/adapters/postgres/store.ts";
import { createSystemClock } from "../../src/adapters/system/clock.ts";
import { dataCommand } from "../../src/cli/data.ts";
import { storeCommand } from "../../src/cli/store.ts";
import { createSilentLogger } from "../fakes/silent-logger.ts";
import { beginRun } from "../fixtures/begin-run.ts";
import { createDatabase, noServer, onServer } from "../fixtures/databases/postgres-server.ts";
import { makeRunRequest } from "../fixtures/run-request.ts";

const page = new URL("../../docs/operations.md", import.meta.url);

let folder: string;
let commands: readonly string[];
/** Two runs of the store in `data`, which is backed up already. */
let runs: readonly string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "copatcher-operations-"));
  const blocks = [...(await readFile(page, "utf8")).matchAll(/```sh\n([\s\S]*?)```/g)];
  commands = blocks.flatMap(([, block = ""]) => block.trim().split("\n"));
  runs = await seed("data");
  await follow(onPage("store backup"), inFolder("data"));
}, 90_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The page's one command with these words, without what is before `npm run copatcher --`. */
function onPage(words: string): readonly string[] {
  const found = commands.filter((command) => command.includes(words));
  const [, given = ""] = /npm run copatcher -- (.*)$/.exec(found[0] ?? "") ?? [];
  expect(found, `one command with ${words}`).toHaveLength(1);
  return given.split(" ");
}

/** The last line that a command prints; in this process, since each of its own would cost seconds. Files are in `folder`. */
async function follow(given: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  const printed: string[] = [];
  const spy = vi.spyOn(console, "log").mockImplementation((line: string) => void printed.push(line));
  vi.stubEnv("DATABASE_URL", "");
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const args = given.map((word) => (/\.jsonl(\.gz)?$/.test(word) ? join(folder, word) : word));
  try {
    const program = new Command().addCommand(dataCommand()).addCommand(storeCommand());
    await program.parseAsync(args, { from: "user" });
  } finally {
    spy.mockRestore();
    vi.unstubAllEnvs();
  }
  return printed.at(-1) ?? "";
}

const inFolder = (name: string) => ({ COPATCHER_DATA_DIR: join(folder, name) });

/** A store with ended runs of issues 7 and 8 of octo/parcels, of installation 7, and with their reports. */
async function seed(name: string): Promise<readonly string[]> {
  const directory = join(folder, name);
  const logger = createSilentLogger();
  const place = { directory: join(directory, "store"), databaseUrl: null, worker: "seed" };
  const store = await openStore({ ...place, clock: createSystemClock(), logger });
  const ids: string[] = [];
  for (const number of [7, 8]) {
    const { run, claim } = await beginRun(store.runs, makeRunRequest(number));
    await createRunReports(join(directory, "runs")).save(run.id, {
      patch: `patch of issue ${number}`,
      marker,
    });
    await store.runs.advance(claim, { kind: "ended", state: { at: "declined", reason: "no-candidate" } });
    ids.push(run.id);
  }
  await store.close();
  return ids;
}

/** Of the runs' issues and reports. */
const marker = "Weight is rounded twice";

/** Every file but the database's own, which keep the bytes of removed rows until the space is used again. */
async function textBelow(directory: string): Promise<string> {
  const texts: string[] = [];
  for (const name of await readdir(directory, { recursive: true })) {
    const path = join(directory, name);
    if (name.startsWith("store") || (await stat(path)).isDirectory()) continue;
    texts.push(await readFile(path, "utf8"));
  }
  return texts.join("\n");
}

const readLines = async (name: string): Promise<readonly string[]> => {
  const bytes = await readFile(join(folder, name));
  const text = (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  return text.trimEnd().split("\n");
};

describe("docs/operations.md, followed on the embedded database", { timeout: 90_000 }, () => {
  test("gives out, backs up, removes and restores", async () => {
    const [first = "", second = ""] = runs;
    const data = inFolder("data");

    await follow(onPage("export --issue"), data);
    await follow(onPage("export --repository"), data);
    const pruned = await follow(onPage("data prune"), data);
    const gone = await follow(onPage("delete --issue"), data);
    const reports = await readdir(join(folder, "data", "runs"));
    const rest = await follow(onPage("delete --repository"), data);
    await follow(["store", "backup", "after.jsonl"], data);
    await follow(onPage("COPATCHER_DATA_DIR=/var/lib/copatcher-new"), inFolder("new"));
    await follow(onPage("export --installation"), inFolder("new"));

    expect((await stat(join(folder, "copatcher.jsonl.gz"))).mode & 0o077).toBe(0);
    const issue = await readLines("issue-7.jsonl");
    expect(issue.some((line) => line.includes("patch of issue 7"))).toBe(true);
    expect(issue.some((line) => line.includes(second))).toBe(false);
    expect((await readLines("parcels.jsonl.gz")).some((line) => line.includes(second))).toBe(true);
    expect(JSON.parse(pruned)).toMatchObject({ removed: { steps: 0, reports: 0 } });
    expect(gone).toContain("Removed: 1 reports, 1 runs");
    expect(reports).toEqual([second]);
    expect(JSON.parse(rest)).toMatchObject({ removed: { reports: 1, runs: 1 } });
    const before = (await readLines("copatcher.jsonl.gz")).join();
    const after = (await readLines("after.jsonl")).join() + (await textBelow(join(folder, "data")));
    expect([before.includes(marker), after.includes(marker)]).toEqual([true, false]);
    const moved = await readLines("installation-7.jsonl.gz");
    expect([first, second].map((id) => moved.some((line) => line.includes(id)))).toEqual([true, true]);
  });

  test.each([
    ["store backup copatcher.jsonl.gz", "is there already; give the name of a new file."],
    ["store restore copatcher.jsonl.gz", "This store is not empty; restore into a new one."],
    ["store restore nowhere.jsonl", "cannot be read: ENOENT"],
    ["data export --issue octo/parcels --out x.jsonl", "--issue: must have the form owner/name#number."],
    ["data export --repository ../x --out x.jsonl", "--repository: must have the form owner/name."],
    ["data delete --repository octo/parcels --installation 7", "Give one of --issue o/r#n"],
    ["data delete", "Give one of --issue o/r#n"],
    ["data export --installation 7 --out no/such/folder.jsonl", "cannot be written: ENOENT"],
  ])("%s says what is wrong", async (line, problem) => {
    await expect(follow(line.split(" "), inFolder("new"))).rejects.toMatchObject({
      code: "usage",
      message: expect.stringContaining(problem) as string,
    });
  });
});

describe.skipIf(noServer)(`docs/operations.md, followed ${onServer}`, { timeout: 90_000 }, () => {
  test("moves an embedded store to a server, and the server's own tools move it on", async () => {
    const [server, other] = [await createDatabase(), await createDatabase()];
    try {
      const restored = await follow(onPage("DATABASE_URL=postgres://"), {
        ...inFolder("data"),
        DATABASE_URL: server.url,
      });
      const tools = commands.filter((command) => command.startsWith("pg_"));
      const env = { ...process.env, DATABASE_URL: server.url, NEW_DATABASE_URL: other.url };
      const moved = spawnSync("sh", ["-ec", tools.join("\n")], { cwd: folder, env, encoding: "utf8" });

      expect([moved.status, moved.stderr]).toEqual([0, ""]);
      expect(restored).toMatch(/^\d+ rows restored from /);
      const rows = await other.query("select count(*)::int as count from run");
      expect(rows).toEqual([{ count: 2 }]);
    } finally {
      await server.drop();
      await other.drop();
    }
  });
});
