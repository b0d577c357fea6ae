/** ln(n!) for the whole numbers up to `n`, summed once: exact to the last digits, unlike Stirling's series. */
function logFactorials(n: number): readonly number[] {
  const sums = [0];
  for (let i = 1; i <= n; i += 1) sums.push((sums[i - 1] ?? 0) + Math.log(i));
  return sums;
}

/** Probabilities of 0 to `n` successes in `n` trials of probability `p`. */
export function binomialMasses(n: number, p: number): readonly number[] {
  if (p <= 0) return Array.from({ length: n + 1 }, (_, k) => Number(k === 0));
  if (p >= 1) return Array.from({ length: n + 1 }, (_, k) => Number(k === n));
  const log = logFactorials(n);
  const ways = (k: number): number => (log[n] ?? 0) - (log[k] ?? 0) - (log[n - k] ?? 0);
  return Array.from({ length: n + 1 }, (_, k) =>
    Math.exp(ways(k) + k * Math.log(p) + (n - k) * Math.log1p(-p)),
  );
}

/** Probability of at most `k` successes. */
export const atMost = (k: number, n: number, p: number): number => sum(binomialMasses(n, p).slice(0, k + 1));

/** Probability of at least `k` successes. */
export const atLeast = (k: number, n: number, p: number): number => sum(binomialMasses(n, p).slice(k));

/** Small terms first, so that none is lost beside a large one. */
const sum = (masses: readonly number[]): number =>
  Math.min(
    1,
    masses.toSorted((a, b) => a - b).reduce((total, mass) => total + mass, 0),
  );
