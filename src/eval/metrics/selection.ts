import { subset, type Chance } from "../statistics/chance.ts";
import { passAtK } from "./pass-at-k.ts";

/** A candidate patch whose label hidden tests gave. */
export type Labelled<T> = { readonly candidate: T; readonly resolved: boolean };

export type LabelledPool<T> = { readonly instance: string; readonly candidates: readonly Labelled<T>[] };

/** How a choice ends: `picked` by who claims nothing, or as a run would end with it. */
export type ChoiceEnd = "picked" | "declined" | "proposed" | "validated";

/** What is picked, or nothing, and what is claimed of it. */
export type Choice<T> = { readonly pick: T | null; readonly end: ChoiceEnd };

/** Chooses among candidates, which come in the order in which they were sampled. Never sees a label. */
export type Choose<T> = (instance: string, candidates: readonly T[]) => Choice<T>;

/** How many candidates are offered; `all` is each pool's own size. */
export type Offered = number | "all";

export type SelectionRow = {
  readonly instance: string;
  /** Whether the pick from the first k candidates is right, and whether any of these is. */
  readonly firstK: { readonly picked: boolean; readonly possible: boolean };
  /**
   * Share of k-subsets whose pick is right, estimated as pass@k less the share of the drawn ones in which a right candidate
   * was there and not picked: so a choice that loses nothing has no regret by chance.
   */
  readonly best: number;
  /** pass@k of the whole pool: what a perfect selection reaches over all k-subsets. */
  readonly pass: number;
  /** Share of the drawn k-subsets whose pick a run would propose, validated or not, and of those that are right as well. */
  readonly proposed: number;
  readonly proposedRight: number;
  /** The same of those that it would call validated. */
  readonly validated: number;
  readonly validatedRight: number;
};

export type SelectionResult = {
  readonly k: Offered;
  readonly rows: readonly SelectionRow[];
  /** Means over the rows; null when no pool holds k candidates. */
  readonly bestAtK: number | null;
  readonly passAtK: number | null;
  /** pass@k minus best@k: what the selection, not the models, loses. */
  readonly regret: number | null;
  /** Instances with fewer than k candidates. */
  readonly undefinedFor: readonly string[];
};

/**
 * best@k of a selection over labelled pools: of the first k candidates, and over `draws` seeded k-subsets, each in
 * sampling order. Where k is the whole pool there is one subset. Candidates of a pool must differ as values.
 */
export function measureSelection<T>(
  pools: readonly LabelledPool<T>[],
  choose: Choose<T>,
  k: Offered,
  chance: Chance,
  draws = 1000,
): SelectionResult {
  const sizeOf = ({ candidates }: LabelledPool<T>): number => (k === "all" ? candidates.length : k);
  const rows = pools.flatMap((pool) => rowOf(pool, choose, sizeOf(pool), chance, draws) ?? []);
  const bestAtK = meanOf(rows.map(({ best }) => best));
  const pass = meanOf(rows.map(({ pass }) => pass));
  return {
    k,
    rows,
    bestAtK,
    passAtK: pass,
    regret: bestAtK === null || pass === null ? null : pass - bestAtK,
    undefinedFor: pools
      .filter((pool) => pool.candidates.length < Math.max(1, sizeOf(pool)))
      .map(({ instance }) => instance),
  };
}

/** Null where the pool holds fewer than `size` candidates. */
function rowOf<T>(
  { instance, candidates }: LabelledPool<T>,
  choose: Choose<T>,
  size: number,
  chance: Chance,
  draws: number,
): SelectionRow | null {
  const right = candidates.filter(({ resolved }) => resolved).length;
  const pass = passAtK({ samples: candidates.length, right }, size);
  if (pass === null) return null;
  const judge = (offered: readonly Labelled<T>[]) => {
    const { pick, end } = choose(
      instance,
      offered.map(({ candidate }) => candidate),
    );
    const picked = offered.some(({ candidate, resolved }) => resolved && candidate === pick);
    return { picked, possible: offered.some(({ resolved }) => resolved), end };
  };
  const first = judge(candidates.slice(0, size));
  const drawn =
    size === candidates.length
      ? [first]
      : Array.from({ length: draws }, () =>
          judge(subset(candidates.length, size, chance).flatMap((place) => candidates[place] ?? [])),
        );
  const share = (holds: (one: (typeof drawn)[number]) => boolean): number =>
    drawn.filter(holds).length / drawn.length;
  return {
    instance,
    firstK: { picked: first.picked, possible: first.possible },
    best: Math.max(0, pass - share(({ possible, picked }) => possible && !picked)),
    pass,
    proposed: share(({ end }) => isProposed(end)),
    proposedRight: share(({ end, picked }) => isProposed(end) && picked),
    validated: share(({ end }) => end === "validated"),
    validatedRight: share(({ end, picked }) => end === "validated" && picked),
  };
}

const isProposed = (end: ChoiceEnd): boolean => end === "proposed" || end === "validated";

const meanOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
