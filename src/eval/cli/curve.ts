import { parse } from "node:path";
import { Command } from "commander";
import { readOption } from "../../cli/read-option.ts";
import { mergedCurves } from "../report/merged-curves.ts";
import { readReport } from "../report/report.ts";
import { tellReport, withReport, type ReportOptions } from "./report-options.ts";

/** `eval curve`: the curves of reports, in one drawing each. */
export const curveCommand = (): Command =>
  withReport(
    new Command("curve")
      .description(
        "draw the curves of reports over the same cases in one: over samples, turns or probabilities",
      )
      .argument("<report...>", "reports, as `--json` prints them"),
  ).action(run);

async function run(files: readonly string[], options: ReportOptions): Promise<void> {
  const reports = await Promise.all(
    files.map(async (file) => ({
      name: parse(file).name,
      report: readReport(await readOption("<report>", file), file),
    })),
  );
  await tellReport(mergedCurves(reports), options);
}
