import { expect, test } from "vitest";
import { seededChance } from "../../../src/eval/statistics/chance.ts";
import { compareFamily, type Pair } from "../../../src/eval/statistics/compare.ts";

/** Pairs in which only the first, only the second and both systems solved so many instances. */
const pairs = (first: number, second: number, both = 20): readonly Pair[] =>
  [
    ...Array.from({ length: first }, () => ({ first: true, second: false })),
    ...Array.from({ length: second }, () => ({ first: false, second: true })),
    ...Array.from({ length: both }, () => ({ first: true, second: true })),
  ].map((pair) => ({ repository: "one", ...pair }));

const answers = (...family: readonly (readonly Pair[])[]) =>
  compareFamily(family, seededChance(1)).map(({ answer }) => answer);

test("claims a difference only when the exact test finds one", () => {
  // p: 0.0386 for 10 against 2, 0.1539 for 25 against 15 (see mcnemar.test.ts).
  expect(answers(pairs(10, 2))).toEqual(["first-better"]);
  expect(answers(pairs(2, 10))).toEqual(["second-better"]);
  expect(answers(pairs(25, 15))).toEqual(["no-difference-shown"]);
});

test("calls fewer than six disagreements not decidable, however one-sided", () => {
  expect(answers(pairs(5, 0))).toEqual(["not-decidable"]);
  expect(answers(pairs(6, 0))).toEqual(["first-better"]);
  expect(answers([])).toEqual(["not-decidable"]);
});

test("calls not decidable what could not have been significant among so many comparisons", () => {
  expect(answers(pairs(6, 0), ...Array.from({ length: 4 }, () => pairs(0, 0)))[0]).toBe("not-decidable");
  expect(answers(pairs(6, 6), pairs(40, 2))[0]).toBe("no-difference-shown");
});

test("asks more of each comparison when several are read together", () => {
  // Holm: 0.0386 * 2 is above 0.05.
  expect(answers(pairs(10, 2), pairs(25, 15))).toEqual(["no-difference-shown", "no-difference-shown"]);
});

test("gives the difference with its interval, the second system's gain counted up", () => {
  const [comparison] = compareFamily([pairs(2, 10, 8)], seededChance(1));

  expect(comparison?.difference?.mean).toBeCloseTo(0.4, 12);
  expect(comparison?.difference?.interval.low).toBeGreaterThan(0);
  expect(comparison?.difference?.interval.high).toBeLessThan(0.8);
  expect(comparison?.minimalDetectable).toBeGreaterThan(0.4);
});
