import { expect, test } from "vitest";
import { seededChance } from "../../../src/eval/statistics/chance.ts";
import { discordant, mcnemar } from "../../../src/eval/statistics/mcnemar.ts";

// p: scipy 1.17.1 binomtest(b, b + c).pvalue; mid-p: 2 * binom.cdf(min, n, 0.5) - binom.pmf(min, n, 0.5).
test.each([
  [5, 0, 0.0625, 0.03125],
  [10, 2, 0.03857421875, 0.0224609375],
  [25, 15, 0.1538599441628321, 0.1172752059574122],
  [9, 1, 0.021484375, 0.01171875],
  [400, 330, 0.010605994778707762, 0.00957720101898378],
  [3, 3, 1, 1],
  [0, 0, 1, 1],
])("gives scipy's p for %i against %i", (onlyFirst, onlySecond, p, midP) => {
  const result = mcnemar({ onlyFirst, onlySecond });

  expect(result.p).toBeCloseTo(p, 10);
  expect(result.midP).toBeCloseTo(midP, 10);
  expect(mcnemar({ onlyFirst: onlySecond, onlySecond: onlyFirst }).p).toBe(result.p);
});

test("knows the smallest p that some disagreements can give", () => {
  // By hand: all on one side, 2 / 2^n. The three and five of Co-PatcheR's small gaps cannot reach 0.05.
  const smallest = [3, 5, 6].map((n) => mcnemar({ onlyFirst: n, onlySecond: 0 }).smallestP);

  expect(smallest).toEqual([0.25, 0.0625, 0.03125]);
});

test("finds a difference where there is none in at most one of twenty cases", () => {
  const chance = seededChance(7);
  const found = Array.from({ length: 2000 }, () => {
    const heads = Array.from({ length: 30 }, () => chance.below(2)).filter((side) => side === 0).length;
    return mcnemar({ onlyFirst: heads, onlySecond: 30 - heads }).p <= 0.05;
  }).filter(Boolean);

  // By hand: of 30 coins, 9 or fewer or 21 or more, 0.0428 in all; 86 of 2,000, standard deviation 9.
  expect(found.length).toBeGreaterThan(50);
  expect(found.length).toBeLessThanOrEqual(115);
});

test("counts what only one of two systems solved", () => {
  const first = [true, true, false, false, true];
  const second = [true, false, true, false, false];

  expect(discordant(first, second)).toEqual({ onlyFirst: 2, onlySecond: 1 });
});
