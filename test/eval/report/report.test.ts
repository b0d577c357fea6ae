import { expect, test } from "vitest";
import { comparisonRow } from "../../../src/eval/report/comparison-row.ts";
import { readReport, reportJson, type Report } from "../../../src/eval/report/report.ts";
import { reportHtml } from "../../../src/eval/report/html/report-html.ts";
import { reportMarkdown } from "../../../src/eval/report/report-markdown.ts";
import { seededChance } from "../../../src/eval/statistics/chance.ts";
import { compareFamily } from "../../../src/eval/statistics/compare.ts";

const measure = {
  name: "resolved",
  value: 0.462,
  unit: "share",
  interval: { low: 0.417, high: 0.504 },
  instances: 500,
  paper: { value: 0.46, source: "Co-PatcheR, table 1", mayDiffer: "other cases" },
} as const;

function report(change: Partial<Report> = {}): Report {
  return {
    schema: 1,
    title: "selection",
    suite: { hash: "f".repeat(64), instances: 500 },
    seed: 7,
    arms: [{ name: "ours", measures: [measure] }],
    comparisons: [],
    instances: [],
    leftOut: [],
    notes: [],
    ...change,
  };
}

test("reads back the JSON that it wrote", () => {
  expect(readReport(reportJson(report()), "report.json")).toEqual(report());
});

test("names the program and the machine in each form", async () => {
  const told = report({ environment: { copatcher: "0.1.0 (<b>)", node: "v20" } });
  const said = "Told by copatcher 0.1.0 (&lt;b&gt;), node v20.";

  expect(reportMarkdown(told)).toContain(said);
  expect(await reportHtml(told)).toContain(said);
  expect(readReport(reportJson(told), "report.json").environment).toEqual(told.environment);
});

test("writes no number that JSON cannot hold", () => {
  const broken = report({ arms: [{ name: "ours", measures: [{ ...measure, value: Number.NaN }] }] });

  expect(() => reportJson(broken)).toThrow(/received NaN/);
});

test("prints the paper's number beside ours, marked and with why they may differ", () => {
  expect(reportMarkdown(report())).toContain(
    "| resolved | 46.2 % | 41.7 % to 50.4 % | 500 | 46.0 % (paper, Co-PatcheR, table 1) | other cases |",
  );
});

test("says why a number is not defined", () => {
  const measures = [
    { ...measure, value: null, undefinedBecause: "no pool holds 60", interval: null, paper: null },
  ];

  expect(reportMarkdown(report({ arms: [{ name: "ours", measures }] }))).toContain(
    "undefined: no pool holds 60",
  );
});

test("says that a comparison is not decidable, and with which p it would have been", () => {
  const pairs = Array.from({ length: 5 }, () => ({ repository: "r", first: true, second: false }));
  const [comparison] = compareFamily([pairs], seededChance(1));
  if (comparison === undefined) throw new Error("no comparison");
  const text = reportMarkdown(report({ comparisons: [comparisonRow("ours", "theirs", comparison)] }));

  expect(text).toContain("not decidable: 5 disagreements cannot give p below 0.0625");
  expect(text).toContain("-100.0 points");
});

test("keeps names from outside from being markup", () => {
  const text = reportMarkdown(
    report({
      title: "<img src=x> @someone | x",
      leftOut: [{ instance: "a`|b", why: "[link](http://example.org)" }],
    }),
  );

  expect(text).not.toContain("<img");
  expect(text).not.toContain("@someone");
  expect(text).not.toContain("[link](");
});
