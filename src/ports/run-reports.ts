import type { ReportOnPage } from "../domain/run-page.ts";

/** Keeps what a finished run leaves for people and tools to read; nothing in it is needed to run. */
export interface RunReports {
  /** Stores a report under the run's id, replacing an earlier one; returns where it lies. */
  save(runId: string, report: unknown): Promise<string>;
}

export interface RunReportReader {
  /** What a page shows of a stored report; null when there is none that can be read. Never rejects. */
  read(runId: string): Promise<ReportOnPage | null>;
}
