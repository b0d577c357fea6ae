import { expect, test } from "vitest";
import type { TestReport, TestResult } from "../../src/domain/execution.ts";
import { baselineOf, compareWithBaseline, withoutFlaky } from "../../src/domain/test-verdict.ts";

const report = (
  statuses: Record<string, TestResult["status"]>,
  crashed: string | null = null,
): TestReport => ({
  results: Object.entries(statuses).map(([id, status]) => ({ id, status, seconds: 1 })),
  crashed,
});
const baseline = baselineOf(
  [report({ a: "passed", b: "passed" }), report({ a: "passed", b: "passed" })],
  "run",
);

test("only tests that pass twice are in the baseline", () => {
  const first = report({ stable: "passed", flaky: "passed", red: "failed", off: "skipped" });
  const second = report({ stable: "passed", flaky: "failed", red: "failed", off: "skipped" });

  expect(baselineOf([first, second], "run")).toMatchObject({
    passing: ["stable"],
    flaky: ["flaky"],
    failing: ["red"],
  });
});

test("a command that ran no test gives no baseline and says why", () => {
  const empty = report({}, "collection failed");

  expect(baselineOf([empty, empty], "run")).toEqual({ kind: "none", reason: "collection failed" });
});

test.each([
  ["fails", report({ a: "passed", b: "failed" })],
  ["errors", report({ a: "passed", b: "errored" })],
  ["is skipped", report({ a: "passed", b: "skipped" })],
  ["is missing", report({ a: "passed" })],
])("a baseline test that %s is a regression", (_, after) => {
  expect(compareWithBaseline(baseline, after)).toMatchObject({ kind: "ran", regressions: ["b"] });
});

test("a fixed test does not pay for a broken one", () => {
  const before = report({ a: "passed", b: "failed" });

  const verdict = compareWithBaseline(
    baselineOf([before, before], "run"),
    report({ a: "failed", b: "passed" }),
  );

  expect(verdict).toMatchObject({ regressions: ["a"] });
});

test("a crashed suite regresses every baseline test", () => {
  expect(compareWithBaseline(baseline, report({ a: "passed" }, "killed"))).toMatchObject({
    kind: "crashed",
    regressions: ["a", "b"],
  });
});

test("a suspected regression that passes when run again is none", () => {
  const verdict = compareWithBaseline(baseline, report({ a: "passed" }));

  expect(withoutFlaky(verdict, report({ a: "failed", b: "passed" }))).toMatchObject({ regressions: [] });
});

test("a crashed rerun proves nothing", () => {
  const verdict = compareWithBaseline(baseline, report({ a: "passed" }));

  expect(withoutFlaky(verdict, report({ b: "passed" }, "killed"))).toMatchObject({ regressions: ["b"] });
});
