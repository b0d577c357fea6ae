import { expect, test } from "vitest";
import { instancesNeeded, minimalDetectable } from "../../../src/eval/statistics/power.ts";

// The table of the design note on learning, section 2.9.
test.each([
  [0.05, 0.15, 469],
  [0.08, 0.15, 182],
  [0.05, 0.2, 626],
  [0.08, 0.2, 243],
  [0.1, 0.2, 155],
])("finds %f among %f disagreements with %i instances", (difference, disagreement, instances) => {
  expect(instancesNeeded(difference, disagreement)).toBe(instances);
});

test("gives back the difference that the instances are needed for", () => {
  expect(minimalDetectable(469, 0.15)).toBeCloseTo(0.05, 4);
  expect(minimalDetectable(155, 0.2)).toBeCloseTo(0.1, 3);
});

test("has no detectable difference where every possible one would be missed", () => {
  // All of 15 % on one side needs 1.96 + 0.84 * sqrt(0.85) squared over 0.15, that is 50 instances.
  expect(minimalDetectable(49, 0.15)).toBeNull();
  expect(minimalDetectable(50, 0.15)).not.toBeNull();
  expect(minimalDetectable(500, 0)).toBeNull();
});
