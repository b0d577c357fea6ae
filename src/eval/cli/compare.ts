import { Command } from "commander";
import { readOption } from "../../cli/read-option.ts";
import { comparisonRow } from "../report/comparison-row.ts";
import { reportMarkdown } from "../report/report-markdown.ts";
import type { Report } from "../report/report.ts";
import { seededChance } from "../statistics/chance.ts";
import { compareFamily } from "../statistics/compare.ts";
import { pairResults, readResultSet } from "../suite/result-set.ts";
import { seedOf } from "./read-number.ts";

type Options = { readonly seed: number; readonly json: boolean };

/** `eval compare`: two systems on the same instances; result sets over different ones are refused. */
export const compareCommand = (): Command =>
  new Command("compare")
    .description("compare two result sets over the same instances")
    .argument("<first>", "result set, as `report-in` writes it")
    .argument("<second>", "result set of the other system")
    .option("--seed <n>", "of the bootstrap", seedOf, 1)
    .option("--json", "print the report as one JSON object on the last line", false)
    .action(run);

async function run(firstFile: string, secondFile: string, { seed, json }: Options): Promise<void> {
  const first = readResultSet(await readOption("<first>", firstFile), firstFile);
  const second = readResultSet(await readOption("<second>", secondFile), secondFile);
  const comparisons = compareFamily([pairResults(first, second)], seededChance(seed));
  const report: Report = {
    schema: 1,
    title: "Comparison",
    suite: { hash: first.suite, instances: first.rows.length },
    seed,
    arms: [],
    comparisons: comparisons.map((one) => comparisonRow(first.system, second.system, one)),
    leftOut: [],
    notes: [],
  };
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : reportMarkdown(report));
}
