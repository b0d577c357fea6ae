import { expect, test } from "vitest";
import { rank } from "../../src/domain/ranking.ts";
import { tiedOf } from "../../src/domain/record/scores.ts";
import { judged, type Shape } from "./judged-shapes.ts";

test("the record tells which candidates have the evidence of the first", () => {
  const shapes: Shape[] = [
    { id: "a", votes: 3, fixed: 1 },
    { id: "b", fixed: 1 },
    { id: "c", broken: 1 },
    { id: "d", broken: 1, prints: "base" },
  ];
  const tied = (some: readonly Shape[]) => tiedOf(rank(some.map(judged), "lexicographic"));

  expect(tied(shapes)).toEqual(["a", "b"]);
  expect(tied(shapes.slice(2))).toEqual(["c"]);
  expect(tied([])).toEqual([]);
});

test("a run that was not believed at first and a broken test are not the same evidence", () => {
  const doubted = judged({ id: "a", votes: 9, fixed: 1, distrusted: true });
  const breaking = judged({ id: "b", fixed: 1, regressions: 1 });

  const ranking = rank([doubted, breaking], "lexicographic");

  expect(ranking.decidedBy).toBe("trust");
  expect(tiedOf(ranking)).toEqual(["b"]);
});

test("who could be tested is before who could not, and that is what is said", () => {
  const unable = judged({ id: "a", votes: 9 });
  const tests = { kind: "not-run", because: "cannot-run", reason: "" } as const;
  const verdict = { ...unable.verdict, tests };

  expect(rank([{ ...unable, verdict }, judged({ id: "b" })], "lexicographic")).toMatchObject({
    ordered: [{ candidate: { id: "b" } }, { candidate: { id: "a" } }],
    decidedBy: "tested",
  });
});
