import { countNgrams } from "./ngrams.ts";

/** Shared share of two texts' sets of runs of four tokens; null when a side has fewer than four tokens. */
export function jaccard4(a: readonly string[], b: readonly string[]): number | null {
  const [left, right] = [new Set(countNgrams(a, 4).keys()), new Set(countNgrams(b, 4).keys())];
  if (left.size === 0 || right.size === 0) return null;
  const shared = [...left].filter((shingle) => right.has(shingle)).length;
  return shared / (left.size + right.size - shared);
}
