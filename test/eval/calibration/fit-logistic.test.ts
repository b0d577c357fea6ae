import { expect, test } from "vitest";
import { fitLogistic } from "../../../src/eval/calibration/fit-logistic.ts";

const observation = (x: number, right: boolean, weight = 1) => ({ features: [x], right, weight });

test("finds the published fit of hours of study to passing an exam", () => {
  // the worked example of Wikipedia's article on logistic regression
  const hours = "0.5 0.75 1 1.25 1.5 1.75 1.75 2 2.25 2.5 2.75 3 3.25 3.5 4 4.25 4.5 4.75 5 5.5".split(" ");
  const passed = "00000010101010111111";
  const observations = hours.map((hour, at) => observation(Number(hour), passed[at] === "1"));

  const [intercept, slope] = fitLogistic(observations, 0);

  expect(intercept).toBeCloseTo(-4.0777, 4);
  expect(slope).toBeCloseTo(1.5046, 4);
});

test("takes the logarithms of the odds where each value of a feature has its own share", () => {
  const observations = [
    observation(0, true, 1),
    observation(0, false, 3),
    observation(1, true, 8),
    observation(1, false, 2),
  ];

  const [intercept, slope] = fitLogistic(observations, 0);

  expect(intercept).toBeCloseTo(Math.log(1 / 3), 9);
  expect(slope).toBeCloseTo(Math.log(4) - Math.log(1 / 3), 9);
});

test("separated observations have a finite answer by the prior, at which it balances the data", () => {
  const ridge = 0.16;
  const [intercept = 0, slope = 0] = fitLogistic([observation(-1, false), observation(1, true)], ridge);
  const missing = 1 - 1 / (1 + Math.exp(-(intercept + slope)));

  expect(intercept).toBeCloseTo(0, 9);
  expect(2 * missing).toBeCloseTo(ridge * slope, 9);
  expect(slope).toBeLessThan(3);
});

test("knows nothing of no observation", () => {
  expect(fitLogistic([], 1)).toEqual([0]);
});
