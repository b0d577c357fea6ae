import { refusal } from "../suite/read-json.ts";
import type { Report } from "./report.ts";

export type NamedReport = { readonly name: string; readonly report: Report };

/**
 * The curves of several reports in one, each arm named after its report where there are several. Throws `evaluation-invalid`
 * where they are of different cases, which no curve compares, or hold no curve.
 */
export function mergedCurves(reports: readonly NamedReport[]): Report {
  const [first] = reports;
  const other = reports.find(({ report }) => report.suite.hash !== first?.report.suite.hash);
  if (first === undefined) throw refusal("reports", ["there are none"]);
  if (other !== undefined)
    throw refusal(other.name, [
      `it is about other cases than ${first.name}: their curves cannot be compared`,
    ]);
  const several = reports.length > 1;
  const arms = reports.flatMap(({ name, report }) =>
    report.arms.flatMap((arm) => {
      const measures = arm.measures.filter(({ at }) => at !== undefined);
      return measures.length === 0 ? [] : [{ name: several ? `${name}: ${arm.name}` : arm.name, measures }];
    }),
  );
  if (arms.length === 0) throw refusal(first.name, ["it holds no curve"]);
  const { suite, seed } = first.report;
  return {
    schema: 1,
    title: "Curves",
    suite,
    seed,
    arms,
    comparisons: [],
    instances: [],
    leftOut: reports.flatMap(({ report }) => report.leftOut),
    notes: [],
  };
}
