import { expect, test } from "vitest";
import { clopperPearson, wilson } from "../../../src/eval/statistics/intervals.ts";

// scipy 1.17.1: binomtest(k, n).proportion_ci(0.95, "wilson" | "exact"); 682 of 925 is also the example of R's binom.test.
test.each([
  [230, 500, [0.41678510252998646, 0.5038248447069377], [0.4156631315627584, 0.504812461464197]],
  [682, 925, [0.7079959876196205, 0.7646358009714889], [0.707668264079039, 0.7654065582414781]],
  [7, 20, [0.1811918241010821, 0.5671457233147637], [0.1539092047845412, 0.5921885345328283]],
  [0, 10, [0, 0.27753279986288926], [0, 0.30849710781876294]],
  [10, 10, [0.7224672001371109, 1], [0.6915028921812371, 1]],
] as const)("gives scipy's intervals for %i of %i", (successes, trials, score, exact) => {
  const [byWilson, byTails] = [wilson(successes, trials), clopperPearson(successes, trials)];

  expect(byWilson?.low).toBeCloseTo(score[0], 12);
  expect(byWilson?.high).toBeCloseTo(score[1], 12);
  expect(byTails?.low).toBeCloseTo(exact[0], 9);
  expect(byTails?.high).toBeCloseTo(exact[1], 9);
});

test("gives no interval when nothing was tried", () => {
  expect([wilson(0, 0), clopperPearson(0, 0)]).toEqual([null, null]);
});
