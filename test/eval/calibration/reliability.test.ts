import { expect, test } from "vitest";
import { brierOf, reliabilityBins } from "../../../src/eval/calibration/reliability.ts";

const predicted = (instance: string, probability: number, right: boolean, weight = 1) => ({
  instance,
  repository: "r",
  end: "validated" as const,
  probability,
  right,
  weight,
});

test("says for each tenth what was said on average, and how much of it is right", () => {
  const bins = reliabilityBins([
    predicted("a", 0.92, true, 0.75),
    predicted("a", 0.96, false, 0.25),
    predicted("b", 1, true),
    predicted("b", 0.05, false),
  ]);

  expect(bins).toHaveLength(2);
  expect(bins[0]).toEqual({ said: 0.05, right: 0, weight: 1, cases: 1 });
  expect(bins[1]).toMatchObject({ right: 0.875, weight: 2, cases: 2 });
  expect(bins[1]?.said).toBeCloseTo((0.75 * 0.92 + 0.25 * 0.96 + 1) / 2, 12);
});

test("Brier's score is nothing for what was rightly sure, and all for what was wrongly sure", () => {
  expect([brierOf(1, true), brierOf(1, false), brierOf(0.5, true)]).toEqual([0, 1, 0.25]);
});
