import { costOf } from "../metrics/cost.ts";
import { plainMeasure, valueMeasure } from "../report/plain-measure.ts";
import type { Measure } from "../report/report.ts";
import { clusterBootstrap } from "../statistics/bootstrap.ts";
import { seededChance } from "../statistics/chance.ts";
import type { ArmResult } from "./arm-result.ts";

/** The repository of an instance, whose cases resemble each other. */
export type RepositoryOf = (instance: string) => string;

/**
 * What a case cost, and what each that was resolved did, failures included; `resolved` is null while nobody knows. What arms
 * share counts for each of them. Intervals draw repositories.
 */
export function costMeasures(
  results: readonly ArmResult[],
  repositoryOf: RepositoryOf,
  resolved: number | null,
  seed: number,
): readonly Measure[] {
  const mean = (
    name: string,
    unit: Measure["unit"],
    of: (result: ArmResult) => number | undefined,
  ): Measure => {
    const clusters = byRepository(results, repositoryOf, of);
    const common = plainMeasure(name, unit, clusters.flat().length);
    const estimate = clusterBootstrap(clusters, seededChance(seed));
    return estimate === null
      ? { ...common, undefinedBecause: "no case was run" }
      : { ...common, value: estimate.mean, interval: estimate.interval };
  };
  const spent = results.flatMap((result) => result.spent ?? []);
  const each = resolved === null || spent.length === 0 ? null : costOf(spent, resolved).perResolved;
  const tokens = each === null ? null : each.promptTokens + each.answerTokens;
  return [
    mean("tokens of a case", "tokens", ({ tokens: all }) => all),
    mean("model seconds of a case", "seconds", (result) => result.spent?.modelSeconds),
    mean("sandbox seconds of a case", "seconds", (result) => result.spent?.sandboxSeconds),
    valueMeasure("tokens of a resolved case", "tokens", tokens, spent.length),
    valueMeasure("model seconds of a resolved case", "seconds", each?.modelSeconds ?? null, spent.length),
    valueMeasure("sandbox seconds of a resolved case", "seconds", each?.sandboxSeconds ?? null, spent.length),
  ];
}

function byRepository(
  results: readonly ArmResult[],
  repositoryOf: RepositoryOf,
  of: (result: ArmResult) => number | undefined,
): readonly (readonly number[])[] {
  const clusters = new Map<string, number[]>();
  for (const result of results) {
    const repository = repositoryOf(result.instance);
    const value = of(result);
    if (value !== undefined) clusters.set(repository, [...(clusters.get(repository) ?? []), value]);
  }
  return [...clusters.values()];
}
