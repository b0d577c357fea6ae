import type { Calibration } from "./calibration.ts";

/** Written by `npm run eval -- calibration DIR... --out` and reviewed like code; how it is fitted: docs/evaluation.md. */
export const fitted: Calibration = {
  intercept: 0.3146,
  weights: {
    scriptsFixed: 0.4606,
    scriptsBroken: -0.2781,
    testsHold: 2.1898,
    voteShare: 0.2902,
    voteMargin: 0.2396,
  },
  fittedOn: { cases: 9, repositories: 5 },
  threshold: 0.5511,
  undecided:
    "9.0 cases lie above the threshold, so that their precision is known to be at least 62 % only; 35 that are all right would show 90 %",
};
