import { expect, test } from "vitest";
import type { TestVerdict } from "../../src/domain/verdict.ts";
import { summarise } from "../../src/report/summary.ts";
import { held, judged, pocResult, proposed } from "./fixtures.ts";

const fixed = [pocResult("poc-1", "fixed"), pocResult("poc-2", "fixed")];
const unclear = [pocResult("poc-1", "fixed"), pocResult("poc-2", "inconclusive")];

const verdictOf = (pocs: typeof fixed, tests: TestVerdict) => {
  const ordered = [judged("a", 3, fixed), judged("b", 3, pocs, tests)];
  const { classes } = summarise(proposed({ ranking: { ordered, decidedBy: "votes" } }), 1);
  return classes[1];
};

test.each<[string, typeof fixed, TestVerdict, string, string]>([
  ["an unclear script", unclear, held, "inconclusive", "1 of 2 scripts pass"],
  [
    "tests that only its own edits keep from failing",
    fixed,
    { kind: "ran", passed: 1, regressions: [], altered: ["t"] },
    "inconclusive",
    "breaks 1 test without",
  ],
  [
    "a run that was not believed",
    fixed,
    { kind: "ran", passed: 1, regressions: [], earlier: { kind: "untrusted", reason: "" } },
    "inconclusive",
    "cannot be trusted",
  ],
  ["the same", fixed, held, "equivalent-evidence", "as good by what was executed"],
])("a candidate with %s is not called more than it is", (_, pocs, tests, verdict, why) => {
  expect(verdictOf(pocs, tests)).toMatchObject({ verdict, why: expect.stringContaining(why) });
});
