import { expect, test } from "vitest";
import type { JudgedCandidate } from "../../src/domain/ranking.ts";
import { rank } from "../../src/domain/ranking.ts";

type Shape = {
  id: string;
  votes?: number;
  fixed?: number;
  broken?: number;
  regressions?: number;
  size?: number;
  /** A first run of the tests could not be trusted. */
  distrusted?: boolean;
};

function judged(shape: Shape): JudgedCandidate {
  const { id, votes = 1, fixed = 0, broken = 0, regressions = 0, size = 1, distrusted = false } = shape;
  const outcome = { kind: "not-started", reason: "test" } as const;
  const poc = (result: "fixed" | "still-broken") =>
    ({ poc: "p", result, judgedBy: "rule", outcome }) as const;
  return {
    candidate: {
      id,
      changes: [],
      patch: "",
      samples: Array.from({ length: votes }, (_, i) => `generate/${id}${i}`),
      refines: null,
      restored: [],
    },
    verdict: {
      candidate: id,
      pocs: [
        ...Array.from({ length: fixed }, () => poc("fixed")),
        ...Array.from({ length: broken }, () => poc("still-broken")),
      ],
      tests: {
        kind: "ran",
        passed: 1,
        regressions: Array.from({ length: regressions }, (_, i) => `t${i}`),
        ...(distrusted ? { earlier: { kind: "untrusted", reason: "" } } : {}),
      },
    },
    size,
  };
}

test.each([
  [
    "a candidate whose runs could all be trusted beats one with more PoCs and votes",
    [{ id: "a", votes: 9, fixed: 4, distrusted: true }, { id: "b" }],
    "b",
    "regressions",
  ],
  [
    "a candidate without regressions beats one with more PoCs and votes",
    [{ id: "a", votes: 9, fixed: 4, regressions: 1 }, { id: "b" }],
    "b",
    "regressions",
  ],
  [
    "PoCs passed beat votes",
    [
      { id: "a", votes: 9, fixed: 1 },
      { id: "b", fixed: 2 },
    ],
    "b",
    "pocs",
  ],
  [
    "votes count every sample of the class",
    [
      { id: "a", votes: 2 },
      { id: "b", votes: 57 },
    ],
    "b",
    "votes",
  ],
  [
    "a smaller diff wins among equal votes",
    [
      { id: "a", size: 9 },
      { id: "b", size: 2 },
    ],
    "b",
    "size",
  ],
  ["the first seen wins when all else is equal", [{ id: "a" }, { id: "b" }], "a", "first-seen"],
  ["a lone candidate is said to be alone", [{ id: "a" }], "a", "only-candidate"],
] as const)("%s", (_, shapes, winner, decidedBy) => {
  const ranking = rank(shapes.map(judged), "lexicographic");

  expect(ranking.ordered[0]?.candidate.id).toBe(winner);
  expect(ranking.decidedBy).toBe(decidedBy);
});

test("the reference formula lets ten new test failures weigh as much as one failed PoC", () => {
  const ranking = rank([judged({ id: "a", broken: 1 }), judged({ id: "b", regressions: 9 })], "reference");

  expect(ranking.ordered[0]?.candidate.id).toBe("b");
  expect(ranking.decidedBy).toBe("score");
});

test("no candidates give no winner", () => {
  expect(rank([], "lexicographic")).toEqual({ ordered: [], decidedBy: null });
});

test.each([
  ["was not believed", { kind: "untrusted", reason: "", regressions: [] } as const],
  ["could not be run", { kind: "not-run", because: "cannot-run", reason: "" } as const],
])("a candidate whose test run %s loses to one that breaks nothing", (_, tests) => {
  const doubtful = judged({ id: "a", votes: 9, fixed: 2 });
  const other = judged({ id: "b" });

  const { ordered } = rank(
    [{ ...doubtful, verdict: { ...doubtful.verdict, tests } }, other],
    "lexicographic",
  );

  expect(ordered[0]?.candidate.id).toBe("b");
});
