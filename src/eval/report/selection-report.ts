import { measureSelection, type Choose, type Offered, type SelectionRow } from "../metrics/selection.ts";
import { ratioBootstrap, type Part } from "../statistics/bootstrap.ts";
import { seededChance } from "../statistics/chance.ts";
import { compareFamily } from "../statistics/compare.ts";
import { labelledPool, type Case } from "../suite/case.ts";
import { suiteHash } from "../suite/result-set.ts";
import { comparisonRow } from "./comparison-row.ts";
import type { ComparisonRow, Measure, Report } from "./report.ts";

/** A way to choose among candidates, which it knows by their ids. */
export type SelectionArm = {
  readonly name: string;
  readonly choose: Choose<string>;
  /** What a paper prints for it at some k. */
  readonly paper: ReadonlyMap<Offered, NonNullable<Measure["paper"]>>;
};

export type SelectionPlan = {
  readonly arms: readonly SelectionArm[];
  readonly ks: readonly Offered[];
  readonly seed: number;
  /** Subsets drawn for each k and case. */
  readonly draws: number;
  /** The arm that each other one is compared with on whole pools; null compares none. */
  readonly compared: string | null;
};

type MeasuredArm = {
  readonly arm: SelectionArm;
  readonly rows: ReadonlyMap<Offered, readonly SelectionRow[]>;
};

/**
 * best@k (over drawn subsets, and of the first k), pass@k and regret of each arm over the cases' pools, how often a run
 * proposes what is right or wrong, and how often what it calls validated is right, with intervals drawn by repository. Every
 * arm sees the same subsets.
 */
export function selectionReport(cases: readonly Case[], plan: SelectionPlan): Report {
  const { arms, ks, seed, draws, compared } = plan;
  const pools = cases.map(labelledPool);
  const usable = pools.filter(({ candidates }) => candidates.length > 0);
  const repositories = new Map(cases.map(({ instance, question }) => [instance, question.repository]));
  const measured = arms.map((arm): MeasuredArm => {
    const rowsAt = (k: Offered) => measureSelection(usable, arm.choose, k, seededChance(seed), draws).rows;
    return { arm, rows: new Map(ks.map((k) => [k, rowsAt(k)])) };
  });
  return {
    schema: 1,
    title: "Selection",
    suite: { hash: suiteHash(cases), instances: usable.length },
    seed,
    arms: [
      ...measured.map((one) => ({ name: one.arm.name, measures: measuresOf(one, repositories, seed) })),
      { name: "oracle", measures: oracleOf(measured[0], repositories, seed) },
    ],
    comparisons: comparisonsOf(measured, compared, repositories, seed),
    instances: measured.flatMap(instanceRows),
    leftOut: pools.flatMap(({ instance, candidates, unlabelled }) => [
      ...(candidates.length === 0 ? [{ instance, why: "no labelled patch" }] : []),
      ...(unlabelled.length > 0 ? [{ instance, why: `${unlabelled.length} patches without a label` }] : []),
      ...ks
        .filter((k) => k !== "all" && candidates.length > 0 && candidates.length < k)
        .map((k) => ({ instance, why: `fewer than ${k} labelled patches` })),
    ]),
    notes: [],
  };
}

/** One row for each arm, case and k. */
const instanceRows = ({ arm, rows }: MeasuredArm): Report["instances"] =>
  [...rows].flatMap(([k, ofK]) =>
    ofK.map(({ instance, firstK, ...shares }) => ({
      instance,
      arm: arm.name,
      values: { k, ...shares, firstPicked: firstK.picked, firstPossible: firstK.possible },
    })),
  );

type Repositories = ReadonlyMap<string, string>;

function measuresOf({ arm, rows }: MeasuredArm, repositories: Repositories, seed: number): Measure[] {
  return [...rows].flatMap(([k, ofK]) => {
    const of = (name: string, part: (row: SelectionRow) => Part): Measure =>
      measure(name, k, byRepository(ofK, repositories, part), seed);
    const share = (name: string, value: (row: SelectionRow) => number): Measure =>
      of(name, (row) => ({ part: value(row), whole: 1 }));
    const claims = ofK.some(({ proposed }) => proposed > 0);
    return [
      { ...share("best", ({ best }) => best), paper: arm.paper.get(k) ?? null },
      share("pass", ({ pass }) => pass),
      share("first-k best", ({ firstK }) => Number(firstK.picked)),
      share("regret", ({ best, pass }) => pass - best),
      ...(claims
        ? [
            share("right proposal", ({ proposedRight }) => proposedRight),
            share("wrong proposal", ({ proposed, proposedRight }) => proposed - proposedRight),
            share("validated", ({ validated }) => validated),
            of("precision", (row) => ({ part: row.validatedRight, whole: row.validated })),
          ]
        : []),
    ];
  });
}

/** What a choice that knows the labels reaches. */
const oracleOf = (measured: MeasuredArm | undefined, repositories: Repositories, seed: number): Measure[] =>
  [...(measured?.rows ?? [])].map(([k, rows]) =>
    measure(
      "best",
      k,
      byRepository(rows, repositories, ({ pass }) => ({ part: pass, whole: 1 })),
      seed,
    ),
  );

function measure(curve: string, k: Offered, clusters: readonly (readonly Part[])[], seed: number): Measure {
  const estimate = ratioBootstrap(clusters, seededChance(seed));
  const common = {
    name: `${curve}@${k}`,
    unit: "share",
    instances: clusters.flat().length,
    paper: null,
    ...(k === "all" ? {} : { at: { curve, x: k, axis: "k" } as const }),
  } as const;
  return estimate === null
    ? { ...common, value: null, interval: null, undefinedBecause: whyNone(clusters, k) }
    : { ...common, value: estimate.mean, interval: estimate.interval };
}

const whyNone = (clusters: readonly (readonly Part[])[], k: Offered): string =>
  clusters.length === 0 ? `no pool holds ${k} labelled patches` : "nothing was called so";

function byRepository(
  rows: readonly SelectionRow[],
  repositories: Repositories,
  value: (row: SelectionRow) => Part,
): readonly (readonly Part[])[] {
  const clusters = new Map<string, Part[]>();
  for (const row of rows) {
    const repository = repositories.get(row.instance) ?? row.instance;
    const cluster = clusters.get(repository);
    if (cluster === undefined) clusters.set(repository, [value(row)]);
    else cluster.push(value(row));
  }
  return [...clusters.values()];
}

/** Every other arm beside the compared one, on the picks from whole pools. */
function comparisonsOf(
  measured: readonly MeasuredArm[],
  compared: string | null,
  repositories: Repositories,
  seed: number,
): ComparisonRow[] {
  const picks = ({ rows }: MeasuredArm): ReadonlyMap<string, boolean> =>
    new Map((rows.get("all") ?? []).map(({ instance, firstK }) => [instance, firstK.picked]));
  const second = measured.find(({ arm }) => arm.name === compared);
  if (second === undefined) return [];
  const ours = picks(second);
  const others = measured.filter((one) => one !== second);
  const family = others.map((one) =>
    [...picks(one)].map(([instance, first]) => ({
      repository: repositories.get(instance) ?? instance,
      first,
      second: ours.get(instance) === true,
    })),
  );
  const found = compareFamily(family, seededChance(seed));
  return found.flatMap((comparison, place) => {
    const other = others[place];
    return other === undefined ? [] : [comparisonRow(other.arm.name, second.arm.name, comparison)];
  });
}
