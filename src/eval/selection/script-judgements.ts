import type { Judged } from "../metrics/agreement.ts";
import type { JudgedPool } from "./judge-pool.ts";

/** By exit status, or by a model that read what the script printed. */
export type JudgedBy = "rule" | "model";

/**
 * What each confirmed script said of each labelled patch that is a candidate, beside the hidden tests' word. Where a script said
 * neither, it is left out.
 */
export function scriptJudgements(
  { samples, classes }: JudgedPool,
  labels: ReadonlyMap<string, boolean>,
  by: JudgedBy,
): readonly Judged[] {
  return samples.flatMap(({ id, end }) => {
    const truth = labels.get(id);
    const judged = end.kind === "written" ? classes.get(end.written.key) : undefined;
    if (truth === undefined || judged === undefined) return [];
    return judged.verdicts.pocs.pocs
      .filter(({ judgedBy, result }) => judgedBy === by && result !== "inconclusive")
      .map(({ result }) => ({ said: result === "fixed", truth }));
  });
}
