import { expect, test } from "vitest";
import { meanPassAtK, passAtK } from "../../../src/eval/metrics/pass-at-k.ts";
import { solvedWithin } from "../../../src/eval/metrics/solved-within.ts";

test.each([
  // By hand: 1 - C(7,5) / C(10,5) = 1 - 21 / 252.
  [10, 3, 5, 1 - 21 / 252],
  // By hand: 1 - C(58,20) / C(60,20) = 1 - (40 * 39) / (60 * 59).
  [60, 2, 20, 1 - 1560 / 3540],
  [5, 5, 1, 1],
  [5, 0, 5, 0],
  // Fewer wrong ones than drawn.
  [10, 8, 3, 1],
])("estimates %i samples with %i right at k = %i", (samples, right, k, expected) => {
  expect(passAtK({ samples, right }, k)).toBeCloseTo(expected, 12);
});

test("stays exact where factorials overflow", () => {
  // k = 1 is the share of right ones.
  expect(passAtK({ samples: 20_000, right: 5000 }, 1)).toBeCloseTo(0.25, 12);
});

test("lists instances with too few samples instead of clamping k", () => {
  const counts = [
    { instance: "a", samples: 10, right: 10 },
    { instance: "b", samples: 4, right: 4 },
  ];

  expect(meanPassAtK(counts, 5)).toMatchObject({ mean: 1, undefinedFor: ["b"] });
  expect(meanPassAtK([], 5).mean).toBeNull();
});

test("adds up the turns of Fixing on the Fly, table 5.1, as the paper does", () => {
  // Qwen3-8B thinking on 397 methods: 59.9 + 10.9 + 3.1 + 1.5 + 1.1; in methods 238, 43, 12 (3.0), 6, 4 of 397.
  const perTurn = [238, 43, 12, 6, 4];
  const solvedAt = perTurn.flatMap((count, turn) => Array<number | null>(count).fill(turn + 1));
  solvedAt.push(...Array<null>(397 - solvedAt.length).fill(null));

  const { solved, gains } = solvedWithin(solvedAt, 5);

  expect(Math.abs(100 * (gains[0] ?? 0) - 59.9)).toBeLessThan(0.1);
  expect(Math.abs(100 * (gains[1] ?? 0) - 10.9)).toBeLessThan(0.1);
  expect(Math.abs(100 * (solved[4] ?? 0) - 76.5)).toBeLessThan(0.3);
  expect(solved.toSorted((a, b) => a - b)).toEqual(solved);
  expect(gains.reduce((sum, gain) => sum + gain, 0)).toBeCloseTo(solved[4] ?? 0, 12);
});
