import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createKeptLogs, createKeptReports } from "../../src/adapters/files/kept-reports.ts";
import { createRunReports } from "../../src/adapters/files/run-reports.ts";
import type { DataScope, KeptFiles, Reach, Retention, StoredData } from "../../src/ports/kept-data.ts";
import { keepHouse } from "../../src/runs/housekeeping.ts";
import { createKeptData, keptMirrors } from "../../src/runs/kept-data.ts";
import { createFixedClock } from "../fakes/fixed-clock.ts";
import { createMemoryWorkspace } from "../fakes/memory-workspace.ts";
import { createSilentLogger } from "../fakes/silent-logger.ts";

const days = (count: number): number => count * 24 * 60 * 60 * 1_000;
const retention: Retention = { deliveries: 30, steps: 30, records: 365, logs: 90 };
const scope: DataScope = { kind: "repository", repo: { owner: "octo", name: "parcels" } };

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "copatcher-kept-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The database's part, which knows one run of octo/parcels. */
function makeStored(options: { live?: boolean; forgotten?: Partial<Reach> } = {}) {
  const removed: DataScope[] = [];
  const stored: StoredData = {
    async *export() {
      yield { table: "run" };
    },
    reach: async (_, wanted) => {
      if (options.live === true && !wanted.live) throw new Error("it is live");
      return { runs: ["run-1"], repositories: ["octo/parcels"], logs: ["a.log"] };
    },
    remove: async (given) => {
      removed.push(given);
      return { runs: 1 };
    },
    prune: async () => ({ steps: 3 }),
    rename: async () => ({}),
    installationsOf: async () => [],
    forgotten: async () => ({ runs: [], repositories: [], logs: [], ...options.forgotten }),
  };
  return { stored, removed };
}

/** A host with files of run-1 and run-2, logs a and b, and a mirror of octo/parcels. */
async function makeHost(name: string) {
  const clock = createFixedClock(Date.now());
  const directory = join(folder, name);
  const [runs, logs] = [join(directory, "runs"), join(directory, "environments")];
  for (const run of ["run-1", "run-2"]) await createRunReports(runs).save(run, { patch: `of ${run}` });
  await mkdir(join(logs, "0".repeat(64)), { recursive: true });
  for (const log of ["a.log", "b.log"]) await writeFile(join(logs, log), `output of ${log}`);
  const workspace = createMemoryWorkspace(1, clock.now);
  workspace.commit("https://example.org/octo/parcels", { "a.py": "" });
  const source = {
    kind: "remote" as const,
    repo: { owner: "Octo", name: "Parcels" },
    url: "https://example.org/octo/parcels",
    authorization: null,
  };
  await workspace.checkout(source, "main", new AbortController().signal);
  const files: readonly KeptFiles[] = [
    createKeptReports(runs, clock),
    createKeptLogs(logs, clock),
    keptMirrors(workspace, clock),
  ];
  const left = async (): Promise<readonly string[]> => [
    ...(await readdir(runs)),
    ...(await readdir(logs)).filter((file) => file.endsWith(".log")),
    ...(await workspace.repositories()),
  ];
  return { clock, runs, logs, files, left };
}

test("gives out rows, then the scope's reports and build logs", async () => {
  const { files } = await makeHost("export");
  const lines: unknown[] = [];

  for await (const value of createKeptData(makeStored().stored, files).export(scope)) lines.push(value);

  expect(lines).toEqual([
    { table: "run" },
    { file: "report", run: "run-1", report: { patch: "of run-1" } },
    { file: "build-log", name: "a.log", text: "output of a.log" },
  ]);
});

test("removes the scope's files and rows, and counts them", async () => {
  const { files, left } = await makeHost("remove");
  const { stored, removed } = makeStored();

  const counts = await createKeptData(stored, files).remove(scope);

  expect(counts).toEqual({ reports: 1, logs: 1, mirrors: 1, runs: 1 });
  expect(removed).toEqual([scope]);
  expect(await left()).toEqual(["run-2", "b.log"]);
});

test("removes nothing at all while a run is live", async () => {
  const { files, left } = await makeHost("live");
  const { stored, removed } = makeStored({ live: true });

  await expect(createKeptData(stored, files).remove(scope)).rejects.toThrow("live");

  expect(removed).toEqual([]);
  expect(await left()).toHaveLength(5);
});

test("ages out reports, logs and mirrors, each by its own days, and leaves environments to their builder", async () => {
  const { clock, runs, logs, files, left } = await makeHost("prune");
  const data = createKeptData(makeStored().stored, files);
  const old = new Date(clock.now() - days(91));
  await utimes(join(runs, "run-1"), old, old);
  for (const name of ["a.log", "0".repeat(64)]) await utimes(join(logs, name), old, old);

  const first = await data.prune(retention);
  clock.advance(days(31));
  const second = await data.prune({ ...retention, logs: null });

  expect(first).toEqual({ steps: 3, reports: 1, logs: 1, mirrors: 0 });
  expect(second).toMatchObject({ mirrors: 1 });
  expect(await left()).toEqual(["run-2", "b.log"]);
  expect((await stat(join(logs, "0".repeat(64)))).isDirectory()).toBe(true);
});

test("housekeeping of every host removes what another one was told to forget, rows only of whose turn it is", async () => {
  const { clock, files, left } = await makeHost("house");
  const forgotten = { runs: ["run-1"], repositories: ["octo/parcels"], logs: ["b.log"] };
  const { stored } = makeStored({ forgotten });
  const logger = createSilentLogger();
  const runs = { takeDuty: async () => false, prolongDuty: async () => {} };

  const counts = await keepHouse({ runs, stored, files, retention, clock, logger });

  expect(counts).toMatchObject({ reports: 1, logs: 1, mirrors: 1 });
  expect(counts).not.toHaveProperty("steps");
  expect(await left()).toEqual(["run-2", "a.log"]);
});

test("housekeeping goes on with the rest when one part fails, and says so", async () => {
  const { clock, files, left } = await makeHost("broken");
  const logger = createSilentLogger();
  const stored = { ...makeStored().stored, prune: () => Promise.reject(new Error("no database")) };
  const runs = { takeDuty: async () => true, prolongDuty: async () => {} };
  clock.advance(days(91));

  await keepHouse({ runs, stored, files, retention, clock, logger });

  expect(logger.lines.map(({ text }) => text)).toEqual(["housekeeping failed", "old data removed"]);
  expect(await left()).toEqual([]);
});

test("a host without any of these folders has nothing to give out or to remove", async () => {
  const clock = createFixedClock();
  const nowhere = join(folder, "nowhere");
  const files = [createKeptReports(nowhere, clock), createKeptLogs(nowhere, clock)];
  const data = createKeptData(makeStored().stored, files);

  expect(await data.remove(scope)).toEqual({ runs: 1, reports: 0, logs: 0 });
  expect(await data.prune(retention)).toEqual({ steps: 3, reports: 0, logs: 0 });
  expect(existsSync(nowhere)).toBe(false);
});
