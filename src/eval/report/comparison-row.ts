import type { Comparison } from "../statistics/compare.ts";
import type { ComparisonRow } from "./report.ts";

/** A comparison under its systems' names. */
export const comparisonRow = (first: string, second: string, comparison: Comparison): ComparisonRow => ({
  first,
  second,
  answer: comparison.answer,
  onlyFirst: comparison.test.onlyFirst,
  onlySecond: comparison.test.onlySecond,
  p: comparison.test.p,
  midP: comparison.test.midP,
  adjustedP: comparison.adjustedP,
  smallestP: comparison.test.smallestP,
  difference: comparison.difference?.mean ?? null,
  interval: comparison.difference?.interval ?? null,
  minimalDetectable: comparison.minimalDetectable,
});
