import { expect, test } from "vitest";
import { signalsOf } from "../../../src/domain/calibration/signals.ts";
import { evidence, judged, pocResult } from "../../report/fixtures.ts";

const fixed = [pocResult("poc-1", "fixed"), pocResult("poc-2", "fixed")];
const half = [pocResult("poc-1", "fixed"), pocResult("poc-2", "still-broken")];

const withRanking = (...ordered: Parameters<typeof judged>[]) => ({
  ...evidence,
  samples: 20,
  ranking: { ordered: ordered.map((args) => judged(...args)), decidedBy: null },
});

test("counts what was executed for the leader, and the votes of its nearest rival with the same evidence", () => {
  const signals = signalsOf(withRanking(["a", 6, fixed], ["b", 9, half], ["c", 4, fixed], ["d", 2, fixed]));

  expect(signals).toEqual({
    samples: 20,
    votes: 6,
    rivalVotes: 4,
    scriptsFixed: 2,
    scriptsBroken: 0,
    testsHold: true,
  });
});

test("tests that broke or were not run do not hold", () => {
  const broken = { kind: "ran", passed: 1, regressions: ["t"] } as const;
  const unrun = { kind: "not-run", because: "no-baseline", reason: "none" } as const;

  expect(signalsOf(withRanking(["a", 1, half, broken]))).toMatchObject({
    scriptsBroken: 1,
    testsHold: false,
  });
  expect(signalsOf(withRanking(["a", 1, half, unrun]))).toMatchObject({ testsHold: false });
});

test("nobody leads where there is no candidate", () => {
  expect(signalsOf(withRanking())).toBeNull();
});
