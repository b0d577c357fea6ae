import { expect, test } from "vitest";
import type { JudgedCandidate } from "../../src/domain/verdict.ts";
import { whyTheyLost } from "../../src/report/compare-candidates.ts";
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

const printing = (one: JudgedCandidate, printed: string, unchanged = false): JudgedCandidate => ({
  ...one,
  verdict: { ...one.verdict, pocs: one.verdict.pocs.map((poc) => ({ ...poc, printed, unchanged })) },
});

const half = of(before.replace("max", "min"), 2);

test.each([
  ["leaves a line as it was that it changes elsewhere", [whole], half],
  ["leaves a place alone that most samples change", [whole, whole], half],
  ["larger change", [whole], of(before.replaceAll("max", "abs"), 9)],
  ["came later", [whole], of(before.replaceAll("max", "abs"), 4)],
  ["fewer samples make the scripts print the same", [whole, whole], printing(whole, "other")],
  ["changes nothing that a script shows", [whole], printing(whole, "", true)],
])("with the same evidence and votes it lost since it: %s", (why, others, loser) => {
  expect(whyTheyLost([...others, loser], whole)(loser)).toBe(why);
});

test.each<[string, Partial<JudgedCandidate["verdict"]>]>([
  ["1 script still shows the issue", { pocs: [pocResult("poc-1", "still-broken")] }],
  ["0 of 1 scripts pass", { pocs: [pocResult("poc-1", "inconclusive")] }],
  ["could not be run", { tests: { kind: "not-run", because: "cannot-run", reason: "no pip" } }],
  ["breaks 2 tests", { tests: { kind: "ran", passed: 1, regressions: ["a", "b"] } }],
  ["the test run crashed", { tests: { kind: "crashed", reason: "", regressions: ["a"] } }],
  ["its test run cannot be trusted", { tests: { kind: "untrusted", reason: "", regressions: [] } }],
  [
    "breaks 1 test without its edits of test files",
    { tests: { kind: "ran", passed: 1, regressions: [], altered: ["a"] } },
  ],
  [
    "edits all tests that could speak for it",
    { tests: { kind: "not-run", because: "edits-tests", reason: "" } },
  ],
])("by what was executed it lost since: %s", (why, verdict) => {
  const loser = { ...whole, verdict: { ...whole.verdict, ...verdict } };

  expect(whyTheyLost([whole, loser], whole)(loser)).toBe(why);
});
