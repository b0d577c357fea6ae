import { expect, test } from "vitest";
import type { MeasuredPoc } from "../../../src/eval/metrics/poc-quality.ts";
import { judgeArm, scriptArm } from "../../../src/eval/report/script-arms.ts";
import { judgeWords } from "../../../src/eval/selection/judge-words.ts";
import { measuredScripts } from "../../../src/eval/selection/measured-scripts.ts";
import { judgedPool } from "../selection/judged.ts";

const pool = judgedPool(
  [
    { id: "right", key: "r" },
    { id: "same", key: "r" },
    { id: "wrong", key: "w" },
    { id: "spoken-for", key: "s" },
    { id: "broken", key: "" },
    { id: "unlabelled", key: "w" },
  ],
  { r: {}, w: { fixed: false }, s: {} },
);
const labels = new Map([
  ["right", true],
  ["same", true],
  ["wrong", false],
  ["spoken-for", false],
  ["broken", false],
]);
const known = { labels, gold: new Set(["same"]) };

const said = [
  { said: true, truth: true },
  { said: true, truth: true },
  { said: false, truth: false },
  { said: true, truth: false },
];
const script: MeasuredPoc = {
  valid: true,
  reproduces: true,
  fixedByGold: true,
  normalForm: "(module print )",
  verdicts: said,
};

test("holds what scripts said of labelled candidates against the labels, and of the accepted fix apart", () => {
  expect(measuredScripts(pool, known, "asserting")).toEqual([script]);
  expect(measuredScripts(pool, { ...known, gold: new Set() }, "asserting")).toMatchObject([
    { fixedByGold: null },
  ]);
  expect(measuredScripts(pool, known, "printing")).toEqual([]);
});

test("counts scripts that never showed the issue, those apart that could not run", () => {
  const chain = { id: "printing-1", kind: "printing", attempts: 4, reason: "it does not fail" } as const;
  const failedPocs = [chain, { ...chain, faulty: true } as const];
  const silent = { reproduces: false, fixedByGold: null, normalForm: null, verdicts: [] };

  expect(measuredScripts({ ...pool, failedPocs }, known, "printing")).toEqual([
    { ...silent, valid: true },
    { ...silent, valid: false },
  ]);
});

test("tells how good scripts are and how far their word can be believed", () => {
  const silent = { ...script, reproduces: false, normalForm: null };
  const cases = [
    { repository: "a/a", found: [script, silent] },
    { repository: "b/b", found: [{ ...silent, valid: false }] },
    { repository: "b/b", found: [{ ...script, fixedByGold: false, verdicts: [] }] },
    { repository: "c/c", found: [] },
  ];

  expect(scriptArm("scripts", cases, 1)).toMatchObject([
    {
      name: "scripts",
      measures: [
        { name: "scripts asked for", value: 4, instances: 3 },
        { name: "run without a fault of their own", value: 0.75 },
        { name: "show the issue on the base commit", value: 0.5 },
        { name: "different programs among these", value: 1 },
        { name: "call the accepted fix fixed", value: 0.5 },
        { name: "right patches among those called fixed", value: 2 / 3, instances: 1 },
        { name: "called fixed, of right patches", value: 1 },
        { name: "called broken, of wrong patches", value: 0.5 },
        { name: "agreement with the hidden tests", value: 0.75 },
        { name: "agreement beyond chance (Cohen's kappa)", value: 0.5 },
      ],
    },
  ]);
  expect(scriptArm("scripts", [{ repository: "c/c", found: [] }], 1)).toEqual([]);
});

test("holds the judge's word against the labels where it was asked, and nowhere else", () => {
  const asked = judgedPool([{ id: "right", key: "r" }], { r: {} });
  const [one] = asked.classes.values();
  if (one === undefined) throw new Error("the pool has a class");
  const [result] = one.verdicts.pocs.pocs;
  if (result === undefined) throw new Error("the class has a script's word");
  const pocs = { ...one.verdicts.pocs, pocs: [{ ...result, judgedBy: "model" as const }] };
  const read = { ...asked, classes: new Map([["r", { ...one, verdicts: { ...one.verdicts, pocs } }]]) };

  expect(judgeWords(asked, labels)).toEqual([]);
  expect(judgeWords(read, labels)).toEqual([{ said: true, truth: true }]);
});

test("is silent about a judge that said nothing, and about what no patch shows", () => {
  const found = [{ said: false, truth: false }];

  expect(judgeArm("judge", [{ repository: "a/a", found: [] }], 1)).toEqual([]);
  expect(judgeArm("judge", [{ repository: "a/a", found }], 1)[0]?.measures).toMatchObject([
    { value: null, undefinedBecause: "there is none of these" },
    { value: null },
    { value: 1 },
    { value: 1 },
    { value: null },
  ]);
});
