import { atLeast, atMost } from "./binomial.ts";

export type Interval = { readonly low: number; readonly high: number };

/** Two-sided 95 % of the normal distribution. */
export const z95 = 1.959963984540054;

/** Wilson's 95 % interval of a rate (no continuity correction); null when nothing was tried. */
export function wilson(successes: number, trials: number): Interval | null {
  if (trials === 0) return null;
  const rate = successes / trials;
  const z2 = z95 * z95;
  const centre = (rate + z2 / (2 * trials)) / (1 + z2 / trials);
  const half =
    (z95 / (1 + z2 / trials)) * Math.sqrt((rate * (1 - rate)) / trials + z2 / (4 * trials * trials));
  return {
    low: successes === 0 ? 0 : Math.max(0, centre - half),
    high: successes === trials ? 1 : Math.min(1, centre + half),
  };
}

/** Clopper and Pearson's exact 95 % interval, never narrower than it says; null when nothing was tried. */
export function clopperPearson(successes: number, trials: number): Interval | null {
  if (trials === 0) return null;
  const tail = 0.025;
  return {
    low: successes === 0 ? 0 : crossing((p) => atLeast(successes, trials, p) - tail),
    high: successes === trials ? 1 : crossing((p) => tail - atMost(successes, trials, p)),
  };
}

/** Where a function that rises from below to above zero over [0, 1] crosses it. */
function crossing(rising: (p: number) => number): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (rising(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
