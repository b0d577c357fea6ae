/**
 * Holm's step-down adjustment of a family's p-values, in the order given: each may be held against the family's level
 * as it is.
 */
export function holm(pValues: readonly number[]): readonly number[] {
  const ascending = pValues.map((p, place) => ({ p, place })).sort((a, b) => a.p - b.p);
  const adjusted = pValues.map(() => 1);
  let most = 0;
  for (const [rank, { p, place }] of ascending.entries()) {
    most = Math.max(most, Math.min(1, p * (pValues.length - rank)));
    adjusted[place] = most;
  }
  return adjusted;
}
