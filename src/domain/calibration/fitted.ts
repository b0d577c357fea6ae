import type { Calibration } from "./calibration.ts";

/** Written by `npm run eval -- calibration DIR... --out` and reviewed like code; how it is fitted: docs/evaluation.md. */
export const fitted: Calibration = {
  intercept: 0.3913,
  weights: {
    scriptsFixed: 0.3452,
    scriptsBroken: -0.0068,
    testsHold: 2.0215,
    voteShare: 0.3143,
    voteMargin: 0.2728,
  },
  fittedOn: { cases: 6, repositories: 3 },
  threshold: 0.6109,
  undecided:
    "6.0 cases lie above the threshold, so that their precision is known to be at least 53 % only; 35 that are all right would show 90 %",
};
