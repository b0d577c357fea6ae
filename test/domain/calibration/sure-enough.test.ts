import { expect, test } from "vitest";
import { fitted } from "../../../src/domain/calibration/fitted.ts";
import { isSureEnough } from "../../../src/domain/calibration/sure-enough.ts";
import { evidence } from "../../report/fixtures.ts";

const decided = { ...fitted, undecided: null };

test("a patch is sure enough from the threshold on", () => {
  expect(isSureEnough(evidence, { ...decided, threshold: 0 })).toBe(true);
  expect(isSureEnough(evidence, { ...decided, threshold: 1 })).toBe(false);
});

test("where the calibration decides nothing, or asks for nothing, everything is", () => {
  expect(isSureEnough(evidence, { ...fitted, threshold: 1 })).toBe(true);
  expect(isSureEnough(evidence, { ...decided, threshold: null })).toBe(true);
});
