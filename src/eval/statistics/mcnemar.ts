import { binomialMasses } from "./binomial.ts";

/** Instances on which exactly one of two systems succeeded. */
export type Discordant = { readonly onlyFirst: number; readonly onlySecond: number };

export type McNemar = Discordant & {
  /** Exact two-sided p-value. */
  readonly p: number;
  /** The less conservative mid-p value: twice the tail, with the observed table counted half. */
  readonly midP: number;
  /** The smallest p that this many disagreements could give, were they all on one side. */
  readonly smallestP: number;
};

/** McNemar's exact test: under no difference, disagreements fall to either side like a fair coin. */
export function mcnemar({ onlyFirst, onlySecond }: Discordant): McNemar {
  const disagreements = onlyFirst + onlySecond;
  const masses = binomialMasses(disagreements, 0.5);
  const fewer = Math.min(onlyFirst, onlySecond);
  const tail = masses.slice(0, fewer + 1).reduce((sum, mass) => sum + mass, 0);
  const p = Math.min(1, 2 * tail);
  return {
    onlyFirst,
    onlySecond,
    p,
    midP: Math.min(1, 2 * tail - (masses[fewer] ?? 0)),
    smallestP: Math.min(1, 2 ** (1 - disagreements)),
  };
}

/** Two systems' results on the same instances, in the same order. */
export function discordant(first: readonly boolean[], second: readonly boolean[]): Discordant {
  const count = (wanted: boolean): number =>
    first.filter((result, place) => result === wanted && second[place] === !wanted).length;
  return { onlyFirst: count(true), onlySecond: count(false) };
}
