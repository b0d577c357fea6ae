import { expect, test } from "vitest";
import {
  clusterBootstrap,
  deviation,
  quantile,
  runBootstrap,
} from "../../../src/eval/statistics/bootstrap.ts";
import { seededChance, subset } from "../../../src/eval/statistics/chance.ts";

test("repeats itself with the same seed and differs with another", () => {
  const values = [Array.from({ length: 40 }, (_, i) => (i * 7) % 11)];
  const run = (seed: number) => clusterBootstrap(values, seededChance(seed), 500);

  expect(run(1)).toEqual(run(1));
  expect(run(1)).not.toEqual(run(2));
});

test("comes out as the central limit theorem says for many values", () => {
  // 200 of 400: standard error 0.5 / 20 = 0.025, so 0.5 -+ 1.96 * 0.025 = 0.451 to 0.549.
  const values = Array.from({ length: 400 }, (_, i) => i % 2);

  const estimate = clusterBootstrap([values], seededChance(3), 4000);

  expect(estimate?.mean).toBe(0.5);
  expect(estimate?.interval.low).toBeCloseTo(0.451, 2);
  expect(estimate?.interval.high).toBeCloseTo(0.549, 2);
});

test("draws whole repositories, whose instances stand and fall together", () => {
  // Two repositories, all solved or none: a quarter of the draws hold the same one twice, so the interval is everything.
  const estimate = clusterBootstrap([Array(50).fill(1), Array(50).fill(0)], seededChance(4), 1000);

  expect(estimate).toEqual({ mean: 0.5, interval: { low: 0, high: 1 } });
});

test("gives no estimate of nothing", () => {
  expect(clusterBootstrap([[], []], seededChance(1))).toBeNull();
  expect(runBootstrap([], seededChance(1))).toBeNull();
  expect(runBootstrap([[1], []], seededChance(1))).toBeNull();
});

test("widens with the spread between runs, too", () => {
  const width = (runs: readonly (readonly number[])[]): number => {
    const estimate = runBootstrap(runs, seededChance(5), 2000);
    return (estimate?.interval.high ?? 0) - (estimate?.interval.low ?? 0);
  };
  const steady = Array.from({ length: 30 }, () => [0.5, 0.5]);
  const moody = Array.from({ length: 30 }, () => [0, 1]);

  expect(width(steady)).toBe(0);
  // Per instance the mean of two drawn runs has variance 1/8; over 30 instances 2 * 1.96 * sqrt(1 / 240) = 0.253.
  expect(width(moody)).toBeCloseTo(0.253, 1);
});

test("measures the spread between runs like Fixing on the Fly", () => {
  // By hand: mean 3, squares 4 + 1 + 0 + 1 + 4 = 10, 10 / 4 = 2.5.
  expect(deviation([1, 2, 3, 4, 5])).toBeCloseTo(Math.sqrt(2.5), 12);
  expect(deviation([1])).toBeNull();
});

test("interpolates quantiles as R does by default", () => {
  // R: quantile(1:10, c(.025, .5)) gives 1.225 and 5.5.
  const ten = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

  expect(quantile(ten, 0.025)).toBeCloseTo(1.225, 12);
  expect(quantile(ten, 0.5)).toBe(5.5);
});

test("draws subsets without repeats, each place as often as another", () => {
  const chance = seededChance(6);
  const counts = [0, 0, 0, 0];
  for (let draw = 0; draw < 4000; draw += 1) {
    const drawn = subset(4, 2, chance);
    expect(new Set(drawn).size).toBe(2);
    for (const place of drawn) counts[place] = (counts[place] ?? 0) + 1;
  }

  // Expected 2,000 each, standard deviation sqrt(4000 / 4) = 32.
  for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(160);
});
