import { measureSelection, type Select, type SelectionRow } from "../metrics/selection.ts";
import { clusterBootstrap } from "../statistics/bootstrap.ts";
import { seededChance, type Chance } from "../statistics/chance.ts";
import { labelledPool, type Case } from "../suite/case.ts";
import type { PooledPatch } from "../suite/pooled-patch.ts";
import { suiteHash } from "../suite/result-set.ts";
import type { Measure, Report } from "./report.ts";

/** A way to choose among candidates, with what a paper prints for it at some k. */
export type SelectionArm = {
  readonly name: string;
  readonly select: Select<PooledPatch>;
  readonly paper: ReadonlyMap<number, NonNullable<Measure["paper"]>>;
};

/**
 * best@k, pass@k and regret of each arm over the cases' pools, with intervals drawn by repository. Every arm sees the same
 * subsets.
 */
export function selectionReport(
  cases: readonly Case[],
  arms: readonly SelectionArm[],
  ks: readonly number[],
  seed: number,
): Report {
  const pools = cases.map((one) => ({ ...labelledPool(one), repository: one.question.repository }));
  const usable = pools.filter(({ candidates }) => candidates.length > 0);
  const repositories = new Map(usable.map(({ instance, repository }) => [instance, repository]));
  const measures = (arm: SelectionArm): readonly Measure[] =>
    ks.flatMap((k) => {
      const { rows } = measureSelection(usable, arm.select, k, seededChance(seed));
      const measured = (name: string, value: (row: SelectionRow) => number): Measure =>
        measure(name, k, byRepository(rows, repositories, value), seededChance(seed));
      return [
        { ...measured(`best@${k}`, ({ best }) => best), paper: arm.paper.get(k) ?? null },
        measured(`pass@${k}`, ({ pass }) => pass),
        measured(`regret@${k}`, ({ best, pass }) => pass - best),
      ];
    });
  return {
    schema: 1,
    title: "Selection",
    suite: { hash: suiteHash(cases), instances: usable.length },
    seed,
    arms: arms.map((arm) => ({ name: arm.name, measures: [...measures(arm)] })),
    comparisons: [],
    leftOut: pools.flatMap(({ instance, candidates, unlabelled }) => [
      ...(candidates.length === 0 ? [{ instance, why: "no labelled patch" }] : []),
      ...(unlabelled.length > 0 ? [{ instance, why: `${unlabelled.length} patches without a label` }] : []),
      ...ks
        .filter((k) => candidates.length > 0 && candidates.length < k)
        .map((k) => ({ instance, why: `fewer than ${k} labelled patches` })),
    ]),
  };
}

function measure(name: string, k: number, clusters: readonly (readonly number[])[], chance: Chance): Measure {
  const estimate = clusterBootstrap(clusters, chance);
  const common = { name, unit: "share", instances: clusters.flat().length, paper: null } as const;
  return estimate === null
    ? { ...common, value: null, interval: null, undefinedBecause: `no pool holds ${k} labelled patches` }
    : { ...common, value: estimate.mean, interval: estimate.interval };
}

function byRepository(
  rows: readonly SelectionRow[],
  repositories: ReadonlyMap<string, string>,
  value: (row: SelectionRow) => number,
): readonly (readonly number[])[] {
  const clusters = new Map<string, number[]>();
  for (const row of rows) {
    const repository = repositories.get(row.instance) ?? row.instance;
    const cluster = clusters.get(repository);
    if (cluster === undefined) clusters.set(repository, [value(row)]);
    else cluster.push(value(row));
  }
  return [...clusters.values()];
}
