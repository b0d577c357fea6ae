import { Command } from "commander";
import { readOption } from "../../cli/read-option.ts";
import { comparisonRow } from "../report/comparison-row.ts";
import type { Report } from "../report/report.ts";
import { seededChance } from "../statistics/chance.ts";
import { compareFamily } from "../statistics/compare.ts";
import { pairResults, readResultSet } from "../suite/result-set.ts";
import { seedOf } from "./read-number.ts";
import { tellReport, withReport, type ReportOptions } from "./report-options.ts";

type Options = ReportOptions & { readonly seed: number };

/** `eval compare`: two systems on the same instances; result sets over different ones are refused. */
export const compareCommand = (): Command =>
  withReport(
    new Command("compare")
      .description("compare two result sets over the same instances")
      .argument("<first>", "result set, as `report-in` and `run` write it")
      .argument("<second>", "result set of the other system")
      .option("--seed <n>", "of the bootstrap", seedOf, 1),
  ).action(run);

async function run(firstFile: string, secondFile: string, options: Options): Promise<void> {
  const first = readResultSet(await readOption("<first>", firstFile), firstFile);
  const second = readResultSet(await readOption("<second>", secondFile), secondFile);
  const { seed } = options;
  const comparisons = compareFamily([pairResults(first, second)], seededChance(seed));
  const report: Report = {
    schema: 1,
    title: "Comparison",
    suite: { hash: first.suite, instances: first.rows.length },
    seed,
    arms: [],
    comparisons: comparisons.map((one) => comparisonRow(first.system, second.system, one)),
    instances: [first, second].flatMap(({ system, rows }) =>
      rows.map(({ instance, resolved }) => ({ instance, arm: system, values: { resolved } })),
    ),
    leftOut: [],
    notes: [],
  };
  await tellReport(report, options);
}
