import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunReports } from "../../ports/run-reports.ts";

/** Reports as `<directory>/<run>/report.json`, written whole or not at all. */
export function createRunReports(directory: string): RunReports {
  return {
    async save(runId, report) {
      const folder = join(directory, runId);
      await mkdir(folder, { recursive: true });
      const file = join(folder, "report.json");
      await writeFile(`${file}.new`, `${JSON.stringify(report, null, 2)}\n`);
      await rename(`${file}.new`, file);
      return file;
    },
  };
}
