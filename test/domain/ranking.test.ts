import { describe, expect, test } from "vitest";
import type { JudgedCandidate } from "../../src/domain/verdict.ts";
import { rank } from "../../src/domain/ranking.ts";
import { hasBestEvidence } from "../../src/domain/ranking-rules.ts";
import { first, judged, other, second, type Shape } from "./judged-shapes.ts";

test.each([
  [
    "a candidate whose runs could all be trusted beats one with more PoCs and votes",
    [{ id: "a", votes: 9, fixed: 4, distrusted: true }, { id: "b" }],
    "b",
    "trust",
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
  [
    "who leaves a place alone that most samples change is behind a larger diff",
    [
      { id: "a", votes: 2, after: first },
      { id: "b", votes: 2, after: second, size: 9 },
      { id: "c", after: `${second}#` },
    ],
    "b",
    "places",
  ],
  [
    "samples with other evidence have no say in what most change",
    [
      { id: "a", fixed: 1, after: other },
      { id: "b", fixed: 1, after: other.replace("2", "3"), size: 9 },
      { id: "c", votes: 9, after: second },
    ],
    "a",
    "size",
  ],
  [
    "who leaves the same line as it was elsewhere is behind a larger diff",
    [
      { id: "a", after: first },
      { id: "b", after: second, size: 9 },
    ],
    "b",
    "twins",
  ],
  [
    "votes go before places",
    [
      { id: "a", votes: 2, after: other },
      { id: "b", after: second },
      { id: "c", after: `${second}#` },
    ],
    "a",
    "votes",
  ],
  [
    "who changes nothing that a script shows is behind who does, whatever its votes",
    [
      { id: "a", votes: 9, broken: 2, prints: "base" },
      { id: "b", broken: 2, prints: "other" },
    ],
    "b",
    "effect",
  ],
  [
    "who repairs what a script shows is before who only changes it",
    [
      { id: "a", votes: 9, broken: 2, prints: "other" },
      { id: "b", broken: 1, fixed: 1, prints: "base" },
    ],
    "b",
    "pocs",
  ],
  [
    "samples that make the scripts print the same agree, however they are written",
    [
      { id: "a", fixed: 1, prints: "two" },
      { id: "b", fixed: 1, prints: "one", size: 9 },
      { id: "c", fixed: 1, prints: "one", size: 12 },
    ],
    "b",
    "size",
  ],
  [
    "more agree on what scripts print than on the smaller one",
    [
      { id: "a", votes: 2, fixed: 1, prints: "two" },
      { id: "b", votes: 2, fixed: 1, prints: "one", size: 9 },
      { id: "c", fixed: 1, prints: "one" },
    ],
    "b",
    "agreement",
  ],
  [
    "samples with other evidence agree with nobody",
    [
      { id: "a", votes: 2, fixed: 1, prints: "two" },
      { id: "b", votes: 2, fixed: 1, prints: "one", size: 9 },
      { id: "c", votes: 9, fixed: 1, regressions: 1, prints: "one" },
    ],
    "a",
    "size",
  ],
  [
    "agreement goes before places and twins",
    [
      { id: "a", fixed: 1, prints: "one", after: first, size: 9 },
      { id: "b", fixed: 1, prints: "one", after: first, size: 9 },
      { id: "c", fixed: 1, prints: "two", after: second },
    ],
    "a",
    "first-seen",
  ],
  [
    "votes go before agreement",
    [
      { id: "a", votes: 3, fixed: 1, prints: "two" },
      { id: "b", votes: 2, fixed: 1, prints: "one" },
      { id: "c", votes: 2, fixed: 1, prints: "one" },
    ],
    "a",
    "votes",
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

test("the reference formula reads a judgement that is none as a failed PoC", () => {
  const unclear = judged({ id: "a", votes: 9, unclear: 1 });

  const ranking = rank([unclear, judged({ id: "b", fixed: 1 })], "reference");

  expect(ranking.ordered[0]?.candidate.id).toBe("b");
  expect(ranking.decidedBy).toBe("score");
});

test("no candidates give no winner", () => {
  expect(rank([], "lexicographic")).toEqual({ ordered: [], decidedBy: null });
});

describe("a candidate that edits the tests which would show what it breaks", () => {
  const tests = { kind: "not-run", because: "edits-tests", reason: "" } as const;
  const editing = (shape: Shape, altered: readonly string[] = []): JudgedCandidate => {
    const one = judged(shape);
    return { ...one, verdict: { ...one.verdict, tests: { ...tests, altered } } };
  };

  test("loses to one with as many scripts, whatever its votes", () => {
    const others = [editing({ id: "a", votes: 3, fixed: 2 }), judged({ id: "c", votes: 2, fixed: 2 })];

    expect(rank(others, "lexicographic").ordered[0]?.candidate.id).toBe("c");
    expect(others.map(hasBestEvidence)).toEqual([false, true]);
  });

  test("loses to one that breaks fewer of them", () => {
    const [more, fewer] = [editing({ id: "a", votes: 3 }, ["t1", "t2"]), editing({ id: "b" }, ["t1"])];

    expect(rank([more, fewer], "lexicographic").ordered[0]?.candidate.id).toBe("b");
  });

  test("beats one that breaks tests, or fixes less: the issue names them", () => {
    const one = editing({ id: "a", fixed: 2 }, ["t1"]);
    const others = [judged({ id: "b", votes: 9, fixed: 1 }), judged({ id: "c", fixed: 2, regressions: 1 })];

    expect(rank([...others, one], "lexicographic").ordered[0]?.candidate.id).toBe("a");
  });
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
