import { resolve } from "node:path";
import { Command } from "commander";
import { readOption } from "../../cli/read-option.ts";
import { readHarnessReport } from "../suite/harness-report.ts";
import { wilson } from "../statistics/intervals.ts";
import { commas } from "./clones.ts";
import { readCases } from "./read-cases.ts";
import { writeWhole } from "./write-whole.ts";

type Options = {
  readonly cases: string;
  readonly only?: readonly string[];
  readonly system: string;
  readonly out: string;
  readonly json: boolean;
};

/** `eval report-in`: what the SWE-bench harness said of predictions, as a result set that can be compared. */
export const reportInCommand = (): Command =>
  new Command("report-in")
    .description("read the SWE-bench harness's run report (<model>.<run_id>.json) as a result set")
    .argument("<report>", "the harness's report")
    .requiredOption("--cases <dir>", "folder of the cases that were submitted")
    .option("--only <ids>", "only these of them, separated by commas", commas)
    .requiredOption("--system <name>", "what the results are called")
    .requiredOption("--out <file>", "JSON file to write")
    .option("--json", "print one JSON object on the last line", false)
    .action(run);

async function run(file: string, { cases, only, system, out, json }: Options): Promise<void> {
  const asked = await readCases(cases, only ?? null);
  const text = await readOption("<report>", file);
  const { results, errors } = readHarnessReport(text, file, system, asked);
  await writeWhole(out, `${JSON.stringify(results, null, 2)}\n`);
  const resolved = results.rows.filter((row) => row.resolved).length;
  const summary = {
    written: resolve(out),
    system,
    resolved,
    instances: results.rows.length,
    interval: wilson(resolved, results.rows.length),
    errors,
  };
  const broken = errors.length === 0 ? "" : `, ${errors.length} of the others broke while they were graded`;
  process.stdout.write(
    json
      ? `${JSON.stringify(summary)}\n`
      : `${resolved} of ${summary.instances} resolved${broken}; written to ${out}\n`,
  );
}
