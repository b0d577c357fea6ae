import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../ports/clock.ts";
import type { KeptFiles } from "../../ports/kept-data.ts";
import { namesIn, removeNamed, removeOlder, unlessMissing } from "./old-files.ts";

const dayMs = 24 * 60 * 60 * 1_000;

/** Reports of runs, one folder each in `directory`. */
export const createKeptReports = (directory: string, clock: Clock): KeptFiles => ({
  inventory: async () => ({ runs: await namesIn(directory), repositories: [], logs: [] }),
  async *export({ runs }) {
    for (const run of runs) {
      const text = await readFile(join(directory, run, "report.json"), "utf8").catch(unlessMissing);
      if (text !== null) yield { file: "report", run, report: JSON.parse(text) as unknown };
    }
  },
  async remove({ runs }) {
    return { reports: await removeNamed(directory, runs) };
  },
  async prune({ logs }) {
    if (logs === null) return {};
    return { reports: await removeOlder(directory, () => true, clock.now() - logs * dayMs) };
  },
});

const isLog = (name: string): boolean => name.endsWith(".log");

/** Logs of environments' builds, which lie beside the environments in `directory`. */
export const createKeptLogs = (directory: string, clock: Clock): KeptFiles => ({
  inventory: async () => ({
    runs: [],
    repositories: [],
    logs: (await namesIn(directory)).filter(isLog),
  }),
  async *export({ logs }) {
    for (const name of logs.filter(isLog)) {
      const text = await readFile(join(directory, name), "utf8").catch(unlessMissing);
      if (text !== null) yield { file: "build-log", name, text };
    }
  },
  async remove({ logs }) {
    return { logs: await removeNamed(directory, logs.filter(isLog)) };
  },
  async prune({ logs }) {
    if (logs === null) return {};
    return { logs: await removeOlder(directory, isLog, clock.now() - logs * dayMs) };
  },
});
