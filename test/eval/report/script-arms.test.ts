import { expect, test } from "vitest";
import { scriptArm } from "../../../src/eval/report/script-arms.ts";
import { scriptJudgements } from "../../../src/eval/selection/script-judgements.ts";
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

test("holds what scripts said of labelled candidates against the labels", () => {
  expect(scriptJudgements(pool, labels, "rule")).toEqual([
    { said: true, truth: true },
    { said: true, truth: true },
    { said: false, truth: false },
    { said: true, truth: false },
  ]);
  expect(scriptJudgements(pool, labels, "model")).toEqual([]);
});

test("tells how far their word can be believed", () => {
  const judged = scriptJudgements(pool, labels, "rule");

  expect(scriptArm("scripts", [{ repository: "a/a", judged }], 1)[0]?.measures).toMatchObject([
    { name: "right where a script says so", value: 2 / 3, instances: 1 },
    { name: "right ones of which a script says so", value: 1 },
    { name: "agreement beyond chance (Cohen's kappa)", value: 0.5 },
  ]);
});

test("is silent about scripts that said nothing, and about what no patch shows", () => {
  const judged = [{ said: false, truth: false }];

  expect(scriptArm("scripts", [{ repository: "a/a", judged: [] }], 1)).toEqual([]);
  expect(scriptArm("scripts", [{ repository: "a/a", judged }], 1)[0]?.measures).toMatchObject([
    { value: null, undefinedBecause: "there is no such patch" },
    { value: null },
    { value: null },
  ]);
});
