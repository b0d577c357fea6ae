import { describe, expect, test } from "vitest";
import {
  estimateRight,
  probabilityRight,
  type Calibration,
} from "../../../src/domain/calibration/calibration.ts";
import { fitted } from "../../../src/domain/calibration/fitted.ts";
import {
  correctedFor,
  fewestOutcomes,
  repositoryCorrection,
  type Outcome,
} from "../../../src/domain/calibration/repository-correction.ts";
import { strong } from "../../eval/calibration/leaders.ts";

const calibration: Calibration = { ...fitted, undecided: null };
const foretold = estimateRight(strong, calibration);
const outcomes = (right: number, wrong: number): readonly Outcome[] =>
  Array.from({ length: right + wrong }, (_, at) => ({ signals: strong, right: at < right }));

describe("the shift of a repository", () => {
  test("is nothing where its outcomes are as foretold, and nothing without any", () => {
    const even = { ...calibration, intercept: calibration.intercept - Math.log(foretold / (1 - foretold)) };

    expect(repositoryCorrection(outcomes(20, 20), even).shift).toBeCloseTo(0, 9);
    expect(repositoryCorrection([], calibration)).toMatchObject({ shift: 0, foretold: 0, outcomes: 0 });
  });

  test("lies where the outcomes that are left unexplained weigh as much as the prior", () => {
    const { shift } = repositoryCorrection(outcomes(6, 14), calibration);
    const p = estimateRight(strong, { ...calibration, intercept: calibration.intercept + shift });

    expect(shift).toBeLessThan(0);
    expect(6 - 20 * p).toBeCloseTo(shift, 9);
  });

  test("follows many outcomes further than few of the same share, and is surer of them", () => {
    const [few, many] = [outcomes(2, 8), outcomes(200, 800)].map((some) =>
      repositoryCorrection(some, calibration),
    );
    const width = (one: typeof few): number =>
      one === undefined ? NaN : one.interval.high - one.interval.low;
    const odds = Math.log(0.2 / 0.8) - Math.log(foretold / (1 - foretold));

    expect(many?.shift).toBeCloseTo(odds, 1);
    expect(Math.abs(few?.shift ?? NaN)).toBeLessThan(Math.abs(odds));
    expect(width(many)).toBeLessThan(width(few) / 3);
  });

  test("stays finite where all are wrong that were foretold to be right for certain", () => {
    const sure = { ...calibration, intercept: 50 };

    expect(repositoryCorrection(outcomes(0, 30), sure).shift).toBeLessThan(-20);
    expect(repositoryCorrection(outcomes(0, 30), sure).shift).toBeGreaterThanOrEqual(-30);
  });
});

describe("a corrected calibration", () => {
  const corrected = (right: number, wrong: number, of = calibration) =>
    correctedFor(repositoryCorrection(outcomes(right, wrong), of), of);

  test("is the uncorrected one until enough pull requests have an outcome", () => {
    const few = repositoryCorrection(outcomes(0, fewestOutcomes - 1), calibration);

    expect(few.undecided).toMatch(/^9 of its pull requests have an outcome, and 10 are needed$/);
    expect(correctedFor(few, calibration)).toBe(calibration);
    expect(corrected(0, fewestOutcomes).intercept).toBeLessThan(calibration.intercept);
  });

  test("shows no probability either where the known cases are too few", () => {
    const few = { ...calibration, undecided: "3 cases" };

    expect(probabilityRight(strong, corrected(40, 0, few))).toBeNull();
    expect(probabilityRight(strong, corrected(40, 0))).toBeGreaterThan(foretold);
  });
});
