import { expect, test } from "vitest";
import { checkActionList, validationReport } from "../../src/report/validation-check.ts";
import { pullRequestText } from "../../src/report/pull-request.ts";
import { issue, proposed, run } from "./fixtures.ts";

test.each([
  ["validated", "success"],
  ["tests-only", "neutral"],
  ["partial", "neutral"],
  ["unverified", "neutral"],
] as const)("%s is a %s", (level, conclusion) => {
  expect(validationReport(proposed({}, level)).conclusion).toBe(conclusion);
});

test("the table is the pull request's", () => {
  const result = proposed();
  const { summary } = validationReport(result);
  const { body } = pullRequestText({ result, issue, run, seconds: 1 });

  const rows = summary.split("\n").filter((line) => line.startsWith("|"));
  expect(rows.length).toBeGreaterThan(3);
  expect(body).toContain(rows.join("\n"));
});

test("lines to look at are marked where they are, and what is hidden in them is seen", () => {
  const flags = [
    { path: "a.py", line: 3, text: "eval(x)", meaning: "runs text\u202e" },
    { path: "b.py", line: null, text: "", meaning: "is new" },
  ];

  expect(validationReport(proposed({ flags })).annotations).toEqual([
    { path: "a.py", line: 3, column: null, level: "warning", message: "runs text<U+202E>" },
  ]);
});

test("GitHub takes every button", () => {
  expect(checkActionList.length).toBeLessThanOrEqual(3);
  for (const { identifier, label, description } of checkActionList) {
    expect(identifier.length).toBeLessThanOrEqual(20);
    expect(label.length).toBeLessThanOrEqual(20);
    expect(description.length).toBeLessThanOrEqual(40);
  }
});
