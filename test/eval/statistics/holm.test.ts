import { expect, test } from "vitest";
import { holm } from "../../../src/eval/statistics/holm.ts";

test.each([
  // By hand: 4 * 0.01; max(0.04, 3 * 0.02); max(0.06, 2 * 0.03); max(0.06, 0.04).
  [
    [0.01, 0.02, 0.03, 0.04],
    [0.04, 0.06, 0.06, 0.06],
  ],
  // By hand, unordered: 0.005 * 3 = 0.015, then 0.01 * 2 = 0.02, then 0.9.
  [
    [0.9, 0.005, 0.01],
    [0.9, 0.015, 0.02],
  ],
  // Nothing gets above 1.
  [
    [0.6, 0.7],
    [1, 1],
  ],
  [[], []],
])("adjusts %j in place", (given, expected) => {
  const adjusted = holm(given);

  expect(adjusted).toHaveLength(expected.length);
  for (const [place, p] of expected.entries()) expect(adjusted[place]).toBeCloseTo(p, 12);
});
