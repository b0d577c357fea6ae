import { expect, test } from "vitest";
import {
  estimateRight,
  featuresOf,
  probabilityRight,
  type Calibration,
} from "../../../src/domain/calibration/calibration.ts";
import type { Signals } from "../../../src/domain/calibration/signals.ts";

const signals: Signals = {
  samples: 8,
  votes: 4,
  rivalVotes: 2,
  scriptsFixed: 1,
  scriptsBroken: 0,
  testsHold: true,
};

const calibration: Calibration = {
  intercept: -1,
  weights: { scriptsFixed: 2, scriptsBroken: -2, testsHold: 1, voteShare: 1, voteMargin: 2 },
  fittedOn: { cases: 40, repositories: 5 },
  threshold: 0.8,
  undecided: null,
};

test("features are shares between nothing and one", () => {
  expect(featuresOf(signals)).toEqual({
    scriptsFixed: 0.5,
    scriptsBroken: 0,
    testsHold: 1,
    voteShare: 0.5,
    voteMargin: 0.25,
  });
  expect(featuresOf({ ...signals, samples: 0, votes: 0 })).toMatchObject({ voteShare: 0, voteMargin: 0 });
});

test("the probability is the logistic function of the weighted features", () => {
  expect(estimateRight(signals, calibration)).toBeCloseTo(1 / (1 + Math.exp(-2)), 12);
});

test("nothing is said as long as the data are too few", () => {
  expect(probabilityRight(signals, calibration)).toBeCloseTo(0.88, 2);
  expect(probabilityRight(signals, { ...calibration, undecided: "3 cases" })).toBeNull();
});
