import { expect, test } from "vitest";
import { leadersOf } from "../../../src/eval/calibration/case-leaders.ts";
import { seededChance } from "../../../src/eval/statistics/chance.ts";
import { readCase } from "../../../src/eval/suite/case.ts";
import { judgedPool } from "../selection/judged.ts";
import { caseFile, pooled } from "../suite/fixtures.ts";

const one = readCase(
  JSON.stringify({
    ...caseFile(),
    pool: [
      pooled("w1", false),
      pooled("w2", false),
      pooled("r1", true),
      pooled("r2", true),
      pooled("u", null),
    ],
  }),
  "case",
);
const pool = judgedPool(
  [
    { id: "w1", key: "wrong" },
    { id: "w2", key: "other-wrong" },
    { id: "r1", key: "right" },
    { id: "r2", key: "right" },
    { id: "u", key: "right" },
  ],
  { wrong: { fixed: false }, "other-wrong": {}, right: {} },
);

test("tells what speaks for the best candidate, how the run would end, and whether it is right", () => {
  expect(leadersOf(one, pool, seededChance(1))).toMatchObject({
    instance: "django-1",
    repository: "django/django",
    drawn: 1,
    leaders: [
      {
        signals: {
          samples: 4,
          votes: 2,
          rivalVotes: 1,
          scriptsFixed: 1,
          scriptsBroken: 0,
          testsHold: true,
        },
        end: "validated",
        right: true,
        runs: 1,
      },
    ],
  });
});

test("a leader that a run would decline is told too, and a run without a candidate counts as drawn only", () => {
  const wrong = judgedPool([{ id: "w1", key: "wrong" }], { wrong: { fixed: false } });
  const none = judgedPool([{ id: "w1", key: "" }], {});

  expect(leadersOf(one, wrong, seededChance(1)).leaders).toMatchObject([{ end: "declined", right: false }]);
  expect(leadersOf(one, none, seededChance(1))).toMatchObject({ drawn: 1, leaders: [] });
});
