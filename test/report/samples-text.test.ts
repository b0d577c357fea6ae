import { expect, test } from "vitest";
import { pullRequestText } from "../../src/report/pull-request.ts";
import { summarise } from "../../src/report/summary.ts";
import { terminalText } from "../../src/report/terminal.ts";
import { issue, ordered, proposed, run } from "./fixtures.ts";

const bodyOf = (result: ReturnType<typeof proposed>): string =>
  pullRequestText({ result, issue, run, seconds: 1 }).body;

test("samples that were not needed are told apart from those that voted", () => {
  const result = proposed({ samples: 42, unneeded: 18 });

  expect(bodyOf(result)).toContain(
    "18 of 60 samples were not needed any more: no answer could have put another patch first. 5 of 42 samples agree",
  );
  expect(terminalText(result, 1)).toContain("distinct from 42 samples; 18 more not needed");
  expect(summarise(result, 1)).toMatchObject({ candidates: 42, unneeded: 18 });
});

test("nothing is said of early stops and feedback where there was none", () => {
  const texts = bodyOf(proposed()) + terminalText(proposed(), 1);

  expect(texts).not.toMatch(/not needed|feedback/);
});

test("a patch of a feedback turn is not said to have the samples' agreement", () => {
  const result = proposed({
    feedback: [
      { answers: 4, found: ["x"] },
      { answers: 1, found: ["c1"] },
    ],
  });

  expect(bodyOf(result)).toContain(
    "None of the patches of 20 samples passed; this one was found in feedback turn 2",
  );
  expect(bodyOf(result)).not.toContain("samples agree");
  expect(terminalText(result, 1)).toContain("5 answers in 2 feedback turns gave 2 more distinct patches");
});

test("a candidate whose execution was called off is listed without a verdict", () => {
  const result = proposed({ ranking: { ordered: ordered.slice(0, 1), decidedBy: "votes" } });

  expect(bodyOf(result)).toMatch(/`c2` \| 3 \| \d+ \| not executed to the end: could not win any more/);
  expect(terminalText(result, 1)).toContain("and 2 not executed to the end");
  expect(summarise(result, 1).classes.map(({ id, verdict }) => [id, verdict])).toEqual([
    ["c1", "selected"],
    ["c2", "unchecked"],
    ["c3", "unchecked"],
  ]);
});
