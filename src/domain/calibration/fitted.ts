import type { Calibration } from "./calibration.ts";

/** Written by `npm run eval -- calibration DIR... --out` and reviewed like code; how it is fitted: docs/evaluation.md. */
export const fitted: Calibration = {
  intercept: 0.2968,
  weights: {
    scriptsFixed: 0.4996,
    scriptsBroken: -0.3333,
    testsHold: 2.245,
    voteShare: 0.223,
    voteMargin: 0.2984,
  },
  fittedOn: { cases: 10, repositories: 5 },
  threshold: 0.5327,
  undecided:
    "10 cases lie above the threshold, so that their precision is known to be at least 62 % only; 35 that are all right would show 90 %",
};
