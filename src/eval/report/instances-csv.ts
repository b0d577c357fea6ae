import { stringify } from "csv-stringify/sync";
import type { Report } from "./report.ts";

/**
 * The report's rows by instance as CSV with a heading; a column that a row lacks is empty. Names come from case files and model
 * servers: what a spreadsheet would take for a formula is made text.
 */
export function instancesCsv({ instances }: Pick<Report, "instances">): string {
  const columns = [...new Set(instances.flatMap(({ values }) => Object.keys(values)))];
  const rows = instances.map(({ instance, arm, values }) => [
    instance,
    arm,
    ...columns.map((column) => values[column] ?? null),
  ]);
  return stringify([["instance", "arm", ...columns], ...rows], {
    escape_formulas: true,
    cast: { boolean: String },
  });
}
