import { expect, test } from "vitest";
import { measureSelection, type Choice, type LabelledPool } from "../../../src/eval/metrics/selection.ts";
import { seededChance } from "../../../src/eval/statistics/chance.ts";

/** One letter per candidate: R is right, w wrong. */
const pool = (instance: string, labels: string): LabelledPool<string> => ({
  instance,
  candidates: Array.from(labels).map((label, place) => ({
    candidate: `${label}${place}`,
    resolved: label === "R",
  })),
});

const unclaimed = (pick: string | undefined): Choice<string> => ({ pick: pick ?? null, end: "picked" });
const first = (_: string, candidates: readonly string[]) => unclaimed(candidates[0]);
const oracle = (_: string, candidates: readonly string[]) =>
  unclaimed(candidates.find((candidate) => candidate.startsWith("R")));

test("gives a perfect selection no regret", () => {
  const result = measureSelection([pool("a", "wRwR"), pool("b", "wwww")], oracle, 2, seededChance(1), 4000);

  // By hand: 1 - C(2,2) / C(4,2) = 5/6 for the first pool, 0 for the second.
  expect(result.passAtK).toBeCloseTo(5 / 12, 12);
  expect(result.regret).toBe(0);
});

test("gives the first candidate its chance level and the rest as regret", () => {
  const result = measureSelection([pool("a", "wRwR")], first, 2, seededChance(2), 4000);

  // By hand: the subsets 01 02 03 12 13 23 pick w w w R R w, a third.
  expect(result.bestAtK).toBeCloseTo(1 / 3, 1);
  expect(result.regret).toBeCloseTo(5 / 6 - 1 / 3, 1);
});

test("judges the first k in their order beside the subsets", () => {
  const result = measureSelection([pool("a", "wRwR"), pool("b", "Rwww")], first, 2, seededChance(3), 10);

  expect(result.rows.map(({ firstK }) => firstK)).toEqual([
    { picked: false, possible: true },
    { picked: true, possible: true },
  ]);
});

test("needs no drawing where k is the whole pool, and counts no pick as wrong", () => {
  const none = () => unclaimed(undefined);
  const result = measureSelection([pool("a", "RR")], none, 2, { below: () => expect.fail("drew") });

  expect(result).toMatchObject({ bestAtK: 0, passAtK: 1, regret: 1 });
});

test("offers each pool whole where all are asked for", () => {
  const seen: number[] = [];
  const choose = (_: string, candidates: readonly string[]) => {
    seen.push(candidates.length);
    return unclaimed(candidates[1]);
  };
  const pools = [pool("a", "wRw"), pool("b", "ww"), pool("c", "")];
  const result = measureSelection(pools, choose, "all", seededChance(5));

  expect(seen).toEqual([3, 2]);
  expect(result).toMatchObject({ bestAtK: 0.5, passAtK: 0.5, undefinedFor: ["c"] });
});

test("counts claims, and those that are right, apart from picks", () => {
  const endOf: Readonly<Record<string, "proposed">> = { w1: "proposed" };
  const claimsFirst = (_: string, [candidate]: readonly string[]): Choice<string> => ({
    pick: candidate ?? null,
    end: candidate?.endsWith("0") === true ? "validated" : (endOf[candidate ?? ""] ?? "declined"),
  });
  const { rows } = measureSelection([pool("a", "RwRw")], claimsFirst, 1, seededChance(6), 4000);

  // By hand: each of four is drawn alone; the first is claimed and right, the second proposed and wrong, the third only right.
  expect(rows[0]?.best).toBeCloseTo(1 / 2, 1);
  expect(rows[0]?.validated).toBeCloseTo(1 / 4, 1);
  expect(rows[0]?.validatedRight).toBe(rows[0]?.validated);
  expect(rows[0]?.proposed).toBeCloseTo(1 / 2, 1);
  expect(rows[0]?.proposedRight).toBe(rows[0]?.validated);
});

test("lists pools with fewer than k candidates", () => {
  const result = measureSelection([pool("a", "R")], first, 2, seededChance(4));

  expect(result).toMatchObject({ rows: [], bestAtK: null, regret: null, undefinedFor: ["a"] });
});
