import { describe, expect, test } from "vitest";
import { estimateRight, probabilityRight } from "../../../src/domain/calibration/calibration.ts";
import { calibrate, casesNeeded, thresholdFor } from "../../../src/eval/calibration/calibrate.ts";
import { caseOf, clearCases, strong, weak } from "./leaders.ts";

test("a case is predicted by what was fitted on the others", () => {
  const odd = caseOf("odd", [{ signals: strong, right: false, runs: 10 }]);
  const { predicted } = calibrate([...clearCases(6), odd], 0.9);
  const of = (instance: string) => predicted.find((one) => one.instance === instance)?.probability ?? 0;

  // those that are left beside it are all right, those beside the others hold a wrong one
  expect(of("odd")).toBeGreaterThan(of("case-0"));
});

test("the prior keeps few cases from being sure", () => {
  const [few, many] = [calibrate(clearCases(2), 0.9), calibrate(clearCases(60), 0.9)];

  expect(estimateRight(strong, few.calibration)).toBeLessThan(0.9);
  expect(estimateRight(strong, many.calibration)).toBeGreaterThan(0.95);
  expect(estimateRight(weak, many.calibration)).toBeLessThan(0.2);
});

describe("a threshold", () => {
  const at = (probability: number, right: boolean, weight = 1) => ({
    instance: "i",
    repository: "r",
    end: "validated" as const,
    probability,
    right,
    weight,
  });

  test("is the lowest probability from which on the wanted share is right", () => {
    const predicted = [at(0.9, true, 8), at(0.8, false), at(0.7, true), at(0.6, false)];

    expect(thresholdFor(predicted, 0.9)).toMatchObject({ probability: 0.7, right: 9, weight: 10 });
    expect(thresholdFor([at(0.9, false)], 0.9)).toBeNull();
  });

  test("is claimed only for as many cases as the interval of their precision needs", () => {
    const [few, enough] = [calibrate(clearCases(30), 0.9), calibrate(clearCases(50), 0.9)];

    expect(casesNeeded(0.9)).toBe(35);
    expect(few.calibration.threshold).not.toBeNull();
    expect(few.calibration.undecided).toMatch(/^24 cases lie above .* 35 that are all right/);
    expect(enough.calibration.undecided).toBeNull();
  });

  test("gives no probability to anybody until then", () => {
    const [few, enough] = [calibrate(clearCases(30), 0.9), calibrate(clearCases(50), 0.9)];

    expect(probabilityRight(strong, few.calibration)).toBeNull();
    expect(probabilityRight(strong, enough.calibration)).toBeGreaterThan(0.9);
  });
});

test("cases weigh the same, however many runs were drawn from them", () => {
  const once = caseOf("a", [{ signals: strong, right: true, runs: 10 }]);
  const often = { ...once, drawn: 1000, leaders: once.leaders.map((one) => ({ ...one, runs: 1000 })) };
  const others = clearCases(4);

  expect(calibrate([often, ...others], 0.9).calibration).toEqual(
    calibrate([once, ...others], 0.9).calibration,
  );
});
