import type { Chance } from "./chance.ts";
import type { Interval } from "./intervals.ts";

/** Resamples behind every reported interval. */
export const resamples = 10_000;

/** Mean of all values with its 95 % percentile interval. */
export type Estimate = { readonly mean: number; readonly interval: Interval };

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** One instance's share in a ratio of sums, e.g. right ones of those that were claimed. */
export type Part = { readonly part: number; readonly whole: number };

/**
 * Bootstrap of a mean over clusters (repositories): whole clusters are drawn, since instances of one repository resemble
 * each other. With a single cluster its values are drawn. For paired systems, pass per-instance differences. Null when
 * there is no value.
 */
export const clusterBootstrap = (
  clusters: readonly (readonly number[])[],
  chance: Chance,
  draws = resamples,
): Estimate | null =>
  ratioBootstrap(
    clusters.map((cluster) => cluster.map((part) => ({ part, whole: 1 }))),
    chance,
    draws,
  );

/** The same of a ratio of sums over all instances; null when its whole is nothing. */
export function ratioBootstrap(
  clusters: readonly (readonly Part[])[],
  chance: Chance,
  draws = resamples,
): Estimate | null {
  const filled = clusters.filter((cluster) => cluster.length > 0);
  const [only] = filled;
  const all = sumOf(filled.flat());
  if (only === undefined || all.whole === 0) return null;
  const units = filled.length === 1 ? only.map((value) => [value]) : filled;
  const sums = units.map(sumOf);
  const ratios = Array.from({ length: draws }, () => {
    let [part, whole] = [0, 0];
    for (let drawn = 0; drawn < sums.length; drawn += 1) {
      const unit = sums[chance.below(sums.length)];
      if (unit === undefined) continue;
      part += unit.part;
      whole += unit.whole;
    }
    return part / whole;
  });
  // where nothing of the whole was drawn there is no ratio
  return { mean: all.part / all.whole, interval: percentiles(ratios.filter(Number.isFinite)) };
}

const sumOf = (parts: readonly Part[]): Part =>
  parts.reduce((sum, one) => ({ part: sum.part + one.part, whole: sum.whole + one.whole }), {
    part: 0,
    whole: 0,
  });

/**
 * Bootstrap over instances and, within each drawn instance, over its runs: `runs[i]` holds instance i's result in every
 * run. Null when there is no instance, or one without runs.
 */
export function runBootstrap(
  runs: readonly (readonly number[])[],
  chance: Chance,
  draws = resamples,
): Estimate | null {
  if (runs.length === 0 || runs.some((results) => results.length === 0)) return null;
  const means = Array.from({ length: draws }, () => {
    let sum = 0;
    for (let drawn = 0; drawn < runs.length; drawn += 1) {
      const results = runs[chance.below(runs.length)] ?? [];
      let inner = 0;
      for (let run = 0; run < results.length; run += 1) inner += results[chance.below(results.length)] ?? 0;
      sum += inner / results.length;
    }
    return sum / runs.length;
  });
  return { mean: mean(runs.map(mean)), interval: percentiles(means) };
}

/** Standard deviation between runs (n - 1 in the denominator); null for fewer than two. */
export function deviation(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}

/** The middle 95 % of the values, which are not empty. */
function percentiles(values: readonly number[]): Interval {
  const ascending = values.toSorted((a, b) => a - b);
  return { low: quantile(ascending, 0.025), high: quantile(ascending, 0.975) };
}

/** Linear between neighbours, R's type 7. */
export function quantile(ascending: readonly number[], share: number): number {
  const place = (ascending.length - 1) * share;
  const low = ascending[Math.floor(place)] ?? Number.NaN;
  const high = ascending[Math.ceil(place)] ?? Number.NaN;
  return low + (high - low) * (place - Math.floor(place));
}
