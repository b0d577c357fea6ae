import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ReportOnPage } from "../../domain/run-page.ts";
import type { RunReportReader, RunReports } from "../../ports/run-reports.ts";

/** Bytes of a report that is still read. */
const largestReport = 20 * 2 ** 20;

/** Reports as `<directory>/<run>/report.json`, written whole or not at all. */
export function createRunReports(directory: string): RunReports & RunReportReader {
  const fileOf = (runId: string): string => join(directory, runId, "report.json");
  return {
    async save(runId, report) {
      const file = fileOf(runId);
      await mkdir(join(directory, runId), { recursive: true });
      await writeFile(`${file}.new`, `${JSON.stringify(report, null, 2)}\n`);
      await rename(`${file}.new`, file);
      return file;
    },
    async read(runId) {
      try {
        if ((await stat(fileOf(runId))).size > largestReport) return null;
        const report: unknown = JSON.parse(await readFile(fileOf(runId), "utf8"));
        return ReportOnPage.safeParse(report).data ?? null;
      } catch {
        return null;
      }
    },
  };
}
