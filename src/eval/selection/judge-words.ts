import type { Judged } from "../metrics/agreement.ts";
import type { Labels } from "../suite/pooled-patch.ts";
import type { JudgedPool } from "./judge-pool.ts";

/**
 * What the judge read in the output of each printing script, for each labelled patch that is a candidate, beside the hidden
 * tests' word. What the rules decide, the judge is not asked; where it gave no readable answer, it is left out.
 */
export function judgeWords({ samples, classes }: JudgedPool, labels: Labels): readonly Judged[] {
  return samples.flatMap(({ id, end }) => {
    const truth = labels.get(id);
    const judged = end.kind === "written" ? classes.get(end.written.key) : undefined;
    if (truth === undefined || judged === undefined) return [];
    return judged.verdicts.pocs.pocs
      .filter(({ judgedBy, result }) => judgedBy === "model" && result !== "inconclusive")
      .map(({ result }) => ({ said: result === "fixed", truth }));
  });
}
