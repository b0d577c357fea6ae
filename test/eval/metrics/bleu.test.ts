import { expect, test } from "vitest";
import { brevityPenalty, closest, corpusBleu, sentenceBleu } from "../../../src/eval/metrics/bleu.ts";
import { byBlanks } from "../../../src/eval/metrics/ngrams.ts";

// All from the doctests of NLTK's nltk/translate/bleu_score.py.
const first = byBlanks(
  "It is a guide to action which ensures that the military always obeys the commands of the party",
);
const second = byBlanks(
  "It is to insure the troops forever hearing the activity guidebook that party direct",
);
const references = [
  "It is a guide to action that ensures that the military will forever heed Party commands",
  "It is the guiding principle which guarantees the military forces always being under the command of the Party",
  "It is the practical guide for the army always to heed the directions of the party",
].map(byBlanks);
const other = {
  candidate: byBlanks("he read the book because he was interested in world history"),
  references: [byBlanks("he was interested in world history because he read the book")],
};

test("scores NLTK's sentences", () => {
  expect(sentenceBleu({ candidate: first, references }, "none")).toBeCloseTo(0.5045, 3);
  expect(sentenceBleu({ candidate: second, references }, "none")).toBe(0);
  expect(sentenceBleu({ candidate: second, references }, "method1")).toBeCloseTo(0.037, 3);
});

test("scores NLTK's corpus, which is not the mean of its sentences", () => {
  const pairs = [{ candidate: first, references }, other];

  expect(corpusBleu(pairs, "none")).toBeCloseTo(0.592, 3);
  const sum = pairs.reduce((total, pair) => total + sentenceBleu(pair, "none"), 0);
  expect(sum / 2).toBeCloseTo(0.6223, 3);
});

test.each([
  [[28, 28], 12, 0.2635971381157267],
  [[13, 2], 12, 0.92],
  [[11, 8], 7, 0.8668],
  [[11, 8, 6, 7], 7, 1],
  [[13, 11], 12, 1],
])("penalises against lengths %j", (lengths, length, penalty) => {
  const reference = closest(
    lengths.map((count) => Array<string>(count).fill("a")),
    length,
  );

  expect(brevityPenalty(length, reference)).toBeCloseTo(penalty, 3);
});

test("scores an empty text 0", () => {
  expect(sentenceBleu({ candidate: [], references: [["a"]] }, "method1")).toBe(0);
});
