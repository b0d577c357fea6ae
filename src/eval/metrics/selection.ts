import { subset, type Chance } from "../statistics/chance.ts";
import { passAtK } from "./pass-at-k.ts";

/** A candidate patch whose label hidden tests gave. */
export type Labelled<T> = { readonly candidate: T; readonly resolved: boolean };

export type LabelledPool<T> = { readonly instance: string; readonly candidates: readonly Labelled<T>[] };

/** Picks one of the candidates, which come in the order in which they were sampled, or none. Never sees a label. */
export type Select<T> = (instance: string, candidates: readonly T[]) => T | null;

export type SelectionRow = {
  readonly instance: string;
  /** Whether the pick from the first k candidates is right, and whether any of these is. */
  readonly firstK: { readonly picked: boolean; readonly possible: boolean };
  /** Share of the drawn k-subsets whose pick is right. */
  readonly best: number;
  /** pass@k of the whole pool: what a perfect selection reaches over all k-subsets. */
  readonly pass: number;
};

export type SelectionResult = {
  readonly k: number;
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
  select: Select<T>,
  k: number,
  chance: Chance,
  draws = 1000,
): SelectionResult {
  const rows = pools.flatMap(({ instance, candidates }) => {
    const right = candidates.filter(({ resolved }) => resolved).length;
    const pass = passAtK({ samples: candidates.length, right }, k);
    if (pass === null) return [];
    const picksRight = (offered: readonly Labelled<T>[]): boolean => {
      const pick = select(
        instance,
        offered.map(({ candidate }) => candidate),
      );
      return offered.some(({ candidate, resolved }) => resolved && candidate === pick);
    };
    const first = candidates.slice(0, k);
    const firstK = { picked: picksRight(first), possible: first.some(({ resolved }) => resolved) };
    if (k === candidates.length) return [{ instance, firstK, best: Number(firstK.picked), pass }];
    let hits = 0;
    for (let draw = 0; draw < draws; draw += 1) {
      const offered = subset(candidates.length, k, chance).flatMap((place) => candidates[place] ?? []);
      if (picksRight(offered)) hits += 1;
    }
    return [{ instance, firstK, best: hits / draws, pass }];
  });
  const bestAtK = meanOf(rows.map(({ best }) => best));
  const pass = meanOf(rows.map(({ pass }) => pass));
  return {
    k,
    rows,
    bestAtK,
    passAtK: pass,
    regret: bestAtK === null || pass === null ? null : pass - bestAtK,
    undefinedFor: pools.filter(({ candidates }) => candidates.length < k).map(({ instance }) => instance),
  };
}

const meanOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
