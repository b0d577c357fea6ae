import { array, assert, constantFrom, property } from "fast-check";
import { expect, test } from "vitest";
import { commonSubsequence, rougeL } from "../../../src/eval/metrics/rouge-l.ts";

test.each([
  // Lin 2004, section 3.1: "police kill the gunman" and "the gunman kill police" against "police killed the gunman".
  ["police kill the gunman", "police killed the gunman", 0.75],
  ["the gunman kill police", "police killed the gunman", 0.5],
  // By hand: 5 common of 8 and 9 words, 10 / 17.
  ["a b c d e x y z", "a q b r c s d t e", 10 / 17],
  ["The Cat-sat.", "the cat sat", 1],
  ["a", "b", 0],
])("scores %j against %j", (candidate, reference, expected) => {
  expect(rougeL(candidate, reference)).toBeCloseTo(expected, 12);
});

test("is not defined without words", () => {
  expect(rougeL("...", "a")).toBeNull();
  expect(rougeL("a", "")).toBeNull();
});

test("finds the length that the usual table finds", () => {
  const word = constantFrom("a", "b", "c");
  assert(
    property(array(word, { maxLength: 90 }), array(word, { maxLength: 90 }), (a, b) => {
      expect(commonSubsequence(a, b)).toBe(byTable(a, b));
    }),
  );
});

function byTable(a: readonly string[], b: readonly string[]): number {
  let row = a.map(() => 0);
  for (const word of b) {
    const next: number[] = [];
    for (const [place, own] of a.entries()) {
      const diagonal = place === 0 ? 0 : (row[place - 1] ?? 0);
      next.push(own === word ? diagonal + 1 : Math.max(row[place] ?? 0, next[place - 1] ?? 0));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
