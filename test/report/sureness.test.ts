import { expect, test } from "vitest";
import type { Calibration } from "../../src/domain/calibration/calibration.ts";
import { fitted } from "../../src/domain/calibration/fitted.ts";
import { pullRequestText } from "../../src/report/pull-request.ts";
import { surenessSentence } from "../../src/report/sureness.ts";
import { evidence, issue, proposed, run } from "./fixtures.ts";

const decided: Calibration = {
  ...fitted,
  intercept: 2,
  fittedOn: { cases: 40, repositories: 6 },
  undecided: null,
};

test("says how probable it is that the patch is right, and what that rests on", () => {
  expect(surenessSentence(evidence, decided)).toMatch(
    /^Of patches with as much evidence about \d\d % were right, measured on 40 cases of other repositories \(6\)/,
  );
});

test("says which of the repository's own pull requests moved it", () => {
  const moved = { ...decided, correctedBy: { outcomes: 12, right: 1 } };

  expect(surenessSentence(evidence, decided)).not.toContain("moved");
  expect(surenessSentence(evidence, moved)).toContain(
    "whose fix is known, and moved by what became of 12 pull requests of this repository, of which 1 was merged unchanged.",
  );
});

test("says that it is too little for a ready pull request", () => {
  const [low, high] = [0.5, 0.9999].map((threshold) => surenessSentence(evidence, { ...decided, threshold }));

  expect(low).not.toContain("ready pull request");
  expect(high).toMatch(/ That is less than a ready pull request asks for\.$/);
});

test("says nothing as long as the cases are too few, and nothing without a patch", () => {
  const none = { ...evidence, ranking: { ordered: [], decidedBy: null } };

  expect(surenessSentence(evidence, { ...decided, undecided: "3 cases" })).toBe("");
  expect(surenessSentence(none, decided)).toBe("");
});

test("a pull request shows it exactly when the fit that is shipped decides", () => {
  const { body } = pullRequestText({ result: proposed(), issue, run, seconds: 1 });

  expect(body.includes("Of patches with as much evidence")).toBe(fitted.undecided === null);
});
