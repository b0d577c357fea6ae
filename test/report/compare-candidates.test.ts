import { expect, test } from "vitest";
import type { JudgedCandidate } from "../../src/domain/ranking.ts";
import { whyItLost } from "../../src/report/compare-candidates.ts";
import { judged, pocResult } from "./fixtures.ts";

const faulty = "weight = max(weight, lowest)";
const before = `if a:\n    ${faulty}\nelse:\n    ${faulty}\n`;
const of = (after: string, size: number): JudgedCandidate => {
  const one = judged("c", 1, [pocResult("poc-1", "fixed")]);
  return {
    ...one,
    size,
    candidate: { ...one.candidate, changes: [{ path: "src/rates.py", before, after }] },
  };
};
const whole = of(before.replaceAll("max", "min"), 4);

test.each([
  ["leaves a line as it was that it changes elsewhere", of(before.replace("max", "min"), 2)],
  ["leaves a place alone that most samples change", of(before.replace("if a", "if b"), 2)],
  ["larger change", of(before.replaceAll("max", "abs"), 9)],
  ["came later", of(before.replaceAll("max", "abs"), 4)],
])("with the same evidence and votes it lost since it %s", (why, loser) => {
  expect(whyItLost(loser, whole)).toBe(why);
});
