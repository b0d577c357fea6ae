import { Command } from "commander";
import { reportHtml } from "../report/html/report-html.ts";
import { instancesCsv } from "../report/instances-csv.ts";
import { reportMarkdown } from "../report/report-markdown.ts";
import type { Report } from "../report/report.ts";
import { evaluationEnvironment } from "./environment.ts";
import { writeWhole } from "./write-whole.ts";

export type ReportOptions = {
  readonly html?: string;
  readonly markdown?: string;
  readonly csv?: string;
  readonly json: boolean;
};

/** A command whose result is a report, with the forms in which it can be had. */
export const withReport = (command: Command): Command =>
  command
    .option("--html <file>", "write the report as one HTML file with its curves")
    .option("--markdown <file>", "write the report as Markdown")
    .option("--csv <file>", "write what each arm came to on each case as CSV")
    .option("--json", "print the report as one JSON object on the last line", false);

/** Writes the forms that were asked for, and prints the report; `more` goes into its JSON. */
export async function tellReport(told: Report, options: ReportOptions, more: object = {}): Promise<void> {
  const { html, markdown, csv, json } = options;
  const report = { ...told, environment: await evaluationEnvironment() };
  if (markdown !== undefined) await writeWhole(markdown, reportMarkdown(report));
  if (html !== undefined) await writeWhole(html, await reportHtml(report));
  if (csv !== undefined) await writeWhole(csv, instancesCsv(report));
  process.stdout.write(json ? `${JSON.stringify({ ...report, ...more })}\n` : reportMarkdown(report));
}
