import { expect, test } from "vitest";
import { createStageTimes } from "../../src/pipeline/stage-times.ts";

test("a stage without answers needs what its fewest tokens take on the quickest of servers", () => {
  expect(createStageTimes().least("generate", 2_048)).toBe(20_480);
});

test("a stage with answers needs what the quickest of them took, once there are three", () => {
  const times = createStageTimes();
  times.ended("generate", 70_000);
  times.ended("generate", 45_000);
  expect(times.least("generate", 2_048)).toBe(20_480);

  times.ended("generate", 90_000);

  expect(times.least("generate", 2_048)).toBe(45_000);
  expect(times.least("critique", 2_048)).toBe(20_480);
});
