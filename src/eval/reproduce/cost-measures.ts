import { costOf } from "../metrics/cost.ts";
import { plainMeasure, valueMeasure } from "../report/plain-measure.ts";
import type { Measure } from "../report/report.ts";
import { clusterBootstrap } from "../statistics/bootstrap.ts";
import { seededChance } from "../statistics/chance.ts";
import type { ArmResult } from "./arm-result.ts";

/**
 * What a case cost, and what each that was resolved did, failures included; `resolved` is null while nobody knows. What arms
 * share counts for each of them.
 */
export function costMeasures(
  results: readonly ArmResult[],
  resolved: number | null,
  seed: number,
): readonly Measure[] {
  const mean = (name: string, unit: Measure["unit"], values: readonly number[]): Measure => {
    const common = plainMeasure(name, unit, values.length);
    const estimate = clusterBootstrap([values], seededChance(seed));
    return estimate === null
      ? { ...common, undefinedBecause: "no case was run" }
      : { ...common, value: estimate.mean, interval: estimate.interval };
  };
  const spent = results.flatMap((result) => result.spent ?? []);
  const each = resolved === null || spent.length === 0 ? null : costOf(spent, resolved).perResolved;
  const tokens = each === null ? null : each.promptTokens + each.answerTokens;
  return [
    mean(
      "tokens of a case",
      "tokens",
      results.map((result) => result.tokens),
    ),
    mean(
      "model seconds of a case",
      "seconds",
      spent.map(({ modelSeconds }) => modelSeconds),
    ),
    mean(
      "sandbox seconds of a case",
      "seconds",
      spent.map(({ sandboxSeconds }) => sandboxSeconds),
    ),
    valueMeasure("tokens of a resolved case", "tokens", tokens, spent.length),
    valueMeasure("model seconds of a resolved case", "seconds", each?.modelSeconds ?? null, spent.length),
    valueMeasure("sandbox seconds of a resolved case", "seconds", each?.sandboxSeconds ?? null, spent.length),
  ];
}
