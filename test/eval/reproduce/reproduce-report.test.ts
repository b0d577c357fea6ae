import { expect, test } from "vitest";
import { reportMarkdown } from "../../../src/eval/report/report-markdown.ts";
import type { ArmResult } from "../../../src/eval/reproduce/arm-result.ts";
import { reproduceReport } from "../../../src/eval/reproduce/reproduce-report.ts";
import { readTable } from "../../../src/eval/reproduce/table.ts";
import { readCase } from "../../../src/eval/suite/case.ts";
import { suiteHash } from "../../../src/eval/suite/result-set.ts";
import { caseFile } from "../suite/fixtures.ts";
import { armResult } from "./arm-result.ts";

const cases = ["a-1", "a-2"].map((instance_id) =>
  readCase(JSON.stringify({ ...caseFile(), instance_id }), "case"),
);
const paper = { value: 0.46, source: "Table 1", mayDiffer: "other models" };
const table = readTable(
  JSON.stringify({
    id: "T-1",
    paper: "a paper",
    title: "a table",
    notes: ["The figure has no numbers."],
    arms: [
      { name: "plain", paper },
      { name: "trained", models: "another checkpoint", paper: null },
    ],
  }),
  "table",
);

const whole = { complete: true, any: true, recall: 1 };
const localized = { files: whole, functions: null, lines: { ...whole, complete: false } };
const result = (instance: string, change: Partial<ArmResult> = {}) =>
  armResult(instance, { localized, ...change });

test("prints the paper's number beside what the harness says of ours", () => {
  const [plain, trained] = table.arms;
  if (plain === undefined || trained === undefined) throw new Error("the table has two arms");
  const rows = cases.map(({ instance, question }) => ({
    instance,
    repository: question.repository,
    resolved: instance === "a-1",
  }));
  const graded = { schema: 1, system: "plain", suite: suiteHash(cases), rows } as const;
  const measured = [
    { arm: plain, results: [result("a-1"), result("a-2", { patch: null, end: "no-candidate" })], graded },
    { arm: trained, results: [result("a-1", { end: "partial", missing: 3 })], graded: null },
  ];

  const input = { table, cases, arms: measured, leftOut: [], grammars: new Map(), seed: 1 };
  const report = reproduceReport(input);
  const text = reportMarkdown(report);

  expect(report.arms[0]?.measures.map(({ name, value }) => [name, value])).toEqual([
    ["resolved", 0.5],
    ["proposed", 0.5],
    ["validated", 0.5],
    ["all files localized", 1],
    ["any files localized", 1],
    ["share of files localized", 1],
    ["all functions localized", null],
    ["any functions localized", null],
    ["share of functions localized", null],
    ["all lines localized", 0],
    ["any lines localized", 1],
    ["share of lines localized", 1],
    ["tokens of a case", 100],
    ["model seconds of a case", 4],
    ["sandbox seconds of a case", 6],
    ["tokens of a resolved case", 200],
    ["model seconds of a resolved case", 8],
    ["sandbox seconds of a resolved case", 12],
  ]);
  expect(text).toContain("46.0 % (paper, Table 1)");
  expect(report.arms[1]?.measures[0]).toMatchObject({
    value: null,
    undefinedBecause: "its predictions are not graded yet",
  });
  expect(report.notes).toEqual([
    "The figure has no numbers.",
    "Arm trained wants another checkpoint; what answered calls itself some-model.",
    "Arm trained: 3 answers were not stored and count as failed.",
    expect.stringContaining("--graded ARM=REPORT"),
  ]);
});
