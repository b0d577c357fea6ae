import { expect, test } from "vitest";
import {
  accuracy,
  cohenKappa,
  confusion,
  positionConsistency,
  precision,
  preferenceAccuracy,
  recall,
} from "../../../src/eval/metrics/agreement.ts";
import { pocQuality, type MeasuredPoc } from "../../../src/eval/metrics/poc-quality.ts";

test("gives the kappas of the usual textbook tables", () => {
  // Wikipedia, "Cohen's kappa": 20 and 15 agreed, 5 and 10 not: 0.4; and 45, 15, 25, 15: 0.1304; 25, 35, 5, 35: 0.2593.
  const table = (
    truePositives: number,
    falsePositives: number,
    falseNegatives: number,
    trueNegatives: number,
  ) => ({
    truePositives,
    falsePositives,
    falseNegatives,
    trueNegatives,
  });

  expect(cohenKappa(table(20, 5, 10, 15))).toBeCloseTo(0.4, 12);
  expect(cohenKappa(table(45, 15, 25, 15))).toBeCloseTo(0.1304, 4);
  expect(cohenKappa(table(25, 35, 5, 35))).toBeCloseTo(0.2593, 4);
  expect(cohenKappa(table(9, 0, 0, 0))).toBeNull();
  expect(cohenKappa(table(0, 0, 0, 0))).toBeNull();
});

test("counts a judge's words against the truth", () => {
  const said = (said: boolean, truth: boolean) => ({ said, truth });
  const table = confusion([said(true, true), said(true, false), said(false, false), said(true, true)]);

  expect(table).toEqual({ truePositives: 2, falsePositives: 1, trueNegatives: 1, falseNegatives: 0 });
  expect([accuracy(table), precision(table), recall(table)]).toEqual([0.75, 2 / 3, 1]);
  expect(precision(confusion([said(false, true)]))).toBeNull();
});

test("measures whether the order of presentation mattered, and gives ties half", () => {
  expect(
    positionConsistency([
      { forward: "a", backward: "a" },
      { forward: "a", backward: "b" },
    ]),
  ).toBe(0.5);
  expect(
    preferenceAccuracy([
      { chosen: 2, rejected: 1 },
      { chosen: 1, rejected: 1 },
    ]),
  ).toBe(0.75);
  expect([positionConsistency([]), preferenceAccuracy([])]).toEqual([null, null]);
});

test("lets only PoCs that run and reproduce speak", () => {
  const poc = (part: Partial<MeasuredPoc>): MeasuredPoc => ({
    valid: true,
    reproduces: true,
    fixedByGold: true,
    normalForm: "a",
    verdicts: [{ said: true, truth: true }],
    ...part,
  });
  const pocs = [
    poc({}),
    poc({ fixedByGold: false, normalForm: "b", verdicts: [{ said: true, truth: false }] }),
    poc({ fixedByGold: null, verdicts: [{ said: false, truth: true }] }),
    poc({ reproduces: false, verdicts: [{ said: true, truth: false }] }),
    poc({ valid: false, normalForm: null }),
  ];

  expect(pocQuality(pocs)).toEqual({
    pocs: 5,
    valid: 4,
    reproduces: 3,
    discriminates: 1,
    runOnGold: 2,
    precision: 0.5,
    recall: 0.5,
    distinct: 2,
  });
});
