import { expect, test } from "vitest";
import { loadCodeGrammars } from "../../../src/eval/code-bleu/code-grammars.ts";
import { noiseArms } from "../../../src/eval/reproduce/run-noise.ts";
import { readTable } from "../../../src/eval/reproduce/table.ts";
import { turnMeasures } from "../../../src/eval/reproduce/turn-measures.ts";
import type { Measure } from "../../../src/eval/report/report.ts";
import type { Turn, Turns } from "../../../src/eval/turns/turns.ts";
import { armResult } from "./arm-result.ts";

const grammars = await loadCodeGrammars();
const reference = "def add(a, b):\n    total = a + b\n    return total";
const turn = (change: Partial<Turn> = {}): Turn => ({
  solved: false,
  rejected: null,
  patch: "diff",
  functions: reference,
  reasoning: { words: 10, characters: 60, tokens: null, blocks: 1, unclosed: false, cutByLimit: false },
  failure: { output: "E   AssertionError: no", timedOut: false, collected: true, broke: false },
  ...change,
});
const right = (change: Partial<Turn> = {}): Turn => turn({ solved: true, failure: null, ...change });
const noPatch = (rejected: string): Turn => turn({ rejected, patch: null, functions: null, failure: null });
const turns = (...taken: readonly Turn[]): Turns => ({ language: "python", reference, taken: [...taken] });

const valuesOf = (measures: readonly Measure[]) =>
  Object.fromEntries(measures.map(({ name, value }) => [name, value]));

test("tells within how many turns cases are solved, and what the others ended with", () => {
  const measures = turnMeasures(
    [turns(right()), turns(turn(), right()), turns(turn(), turn()), turns(turn(), noPatch("no-answer"))],
    2,
    grammars,
  );

  expect(valuesOf(measures)).toMatchObject({
    "solved within 1 turn": 0.25,
    "solved within 2 turns": 0.5,
    "not solved: AssertionError": 1,
    "not solved: no patch": 1,
    "words of an answer's reasoning": 10,
  });
  expect(measures[1]?.at).toEqual({ curve: "solved", x: 2, axis: "turn" });
});

test("compares the last answers' functions with those of the fixes", () => {
  const blanks = right({ functions: reference.replace("a + b\n", "a + b  \n") });
  const same = valuesOf(turnMeasures([turns(noPatch("syntax-error"), right())], 5, grammars));
  const other = valuesOf(
    turnMeasures([turns(blanks), turns(noPatch("syntax-error")), turns(noPatch("no-answer"))], 5, grammars),
  );

  expect(same).toMatchObject({
    "exact match": 1,
    "compilation rate": 1,
    "BLEU-4, words between blanks": 1,
    "ROUGE-L": 1,
    "Jaccard of four words": 1,
    "CodeBLEU, strict": 1,
    "CodeBLEU, upstream": 1,
  });
  expect(other).toMatchObject({
    "exact match": 0,
    "exact match but for blanks at line ends": 1 / 3,
    "compilation rate": 0.5,
  });
});

test("of nothing it defines nothing", () => {
  expect(turnMeasures([], 1, grammars).every(({ value }) => value === null)).toBe(true);
});

const table = readTable(
  JSON.stringify({
    id: "T-1",
    paper: "a paper",
    title: "runs",
    turns: 1,
    notes: [],
    arms: [0, 1].map((sample) => ({ name: `run-${sample}`, sample, paper: null })),
  }),
  "table",
);

test("runs of one system are told together, with the spread between them", () => {
  const run = (place: number, ...solved: readonly boolean[]) => {
    const arm = table.arms[place];
    if (arm === undefined) throw new Error("the table has two arms");
    const results = solved.map((one, at) => armResult(`a-${at}`, { turns: turns(one ? right() : turn()) }));
    return { arm, results };
  };

  const [both] = noiseArms(table, [run(0, true, true, false, false), run(1, true, true, true, true)], 1);

  expect(both?.name).toBe("2 runs");
  expect(both?.measures).toMatchObject([
    { name: "solved within 1 turn, mean of the runs", value: 0.75 },
    { name: "standard deviation between the runs", value: Math.SQRT2 / 4 },
  ]);
  expect(noiseArms(table, [run(0, true)], 1)).toEqual([]);
});
