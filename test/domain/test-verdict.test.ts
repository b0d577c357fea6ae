import { describe, expect, test } from "vitest";
import type { TestReport, TestResult } from "../../src/domain/execution.ts";
import {
  baselineOf,
  compareWithBaseline,
  withoutFlaky,
  type TestRuns,
} from "../../src/domain/test-verdict.ts";

const report = (
  statuses: Record<string, TestResult["status"]>,
  crashed: string | null = null,
): TestReport => ({
  results: Object.entries(statuses).map(([id, status]) => ({ id, status, seconds: 1 })),
  crashed,
});
const good: TestReport = report({ a: "passed", b: "passed" });
const run = (real: TestReport, second: TestRuns["second"] = null): TestRuns => ({ real, second });
const baselineFrom = (first: TestReport, second: TestReport) =>
  baselineOf([run(first), run(second)], "run", null);
const baseline = baselineFrom(report({ a: "passed", b: "passed" }), report({ a: "passed", b: "passed" }));

test("a run of the base that crashed after some tests says why nothing counts", () => {
  const crashed = report({ a: "passed" }, "the tests timed out after 600 s");

  expect(baselineFrom(good, crashed)).toMatchObject({ passing: [], note: "the tests timed out after 600 s" });
});

test("only tests that pass twice are in the baseline", () => {
  const first = report({ stable: "passed", flaky: "passed", red: "failed", off: "skipped" });
  const second = report({ stable: "passed", flaky: "failed", red: "failed", off: "skipped" });

  expect(baselineFrom(first, second)).toMatchObject({
    passing: ["stable"],
    flaky: ["flaky"],
    failing: ["red"],
  });
});

test("a command that ran no test gives no baseline and says why", () => {
  const empty = report({}, "collection failed");

  expect(baselineFrom(empty, empty)).toEqual({ kind: "none", reason: "collection failed" });
});

test.each([
  ["fails", report({ a: "passed", b: "failed" })],
  ["errors", report({ a: "passed", b: "errored" })],
  ["is skipped", report({ a: "passed", b: "skipped" })],
  ["is missing", report({ a: "passed" })],
])("a baseline test that %s is a regression", (_, after) => {
  expect(compareWithBaseline(baseline, run(after))).toMatchObject({ kind: "ran", regressions: ["b"] });
});

test("a fixed test does not pay for a broken one", () => {
  const before = report({ a: "passed", b: "failed" });

  const verdict = compareWithBaseline(
    baselineFrom(before, before),
    run(report({ a: "failed", b: "passed" })),
  );

  expect(verdict).toMatchObject({ regressions: ["a"] });
});

test("a crashed suite regresses every baseline test", () => {
  expect(compareWithBaseline(baseline, run(report({ a: "passed" }, "killed")))).toMatchObject({
    kind: "crashed",
    regressions: ["a", "b"],
  });
});

test("a suspected regression that passes when run again is none", () => {
  const verdict = compareWithBaseline(baseline, run(report({ a: "passed" })));
  const again = compareWithBaseline(baseline, run(report({ a: "failed", b: "passed" })));

  expect(withoutFlaky(verdict, again)).toMatchObject({ regressions: [] });
});

test("a crashed rerun proves nothing", () => {
  const verdict = compareWithBaseline(baseline, run(report({ a: "passed" })));
  const again = compareWithBaseline(baseline, run(report({ b: "passed" }, "killed")));

  expect(withoutFlaky(verdict, again)).toMatchObject({ regressions: ["b"] });
});

test("a rerun that cannot be trusted makes everything broken", () => {
  const verdict = compareWithBaseline(baseline, run(report({ a: "passed" })));
  const again = compareWithBaseline(baseline, run({ ...good, doubt: "it lies" }));

  expect(withoutFlaky(verdict, again)).toMatchObject({ kind: "untrusted", regressions: ["a", "b"] });
});

describe("a run whose report contradicts its exit status", () => {
  const doubtful = { ...good, doubt: "the exit status is 1" };

  test("is not trusted, and counts as all broken", () => {
    expect(compareWithBaseline(baseline, run(doubtful))).toEqual({
      kind: "untrusted",
      reason: "the test run cannot be trusted: the exit status is 1",
      regressions: ["a", "b"],
    });
  });

  test("is taken as it is where the base commit does the same, for a coverage threshold say", () => {
    const threshold = baselineFrom(doubtful, doubtful);

    expect(compareWithBaseline(threshold, run(doubtful))).toMatchObject({ kind: "ran", regressions: [] });
  });
});

describe("a second run beside the canary", () => {
  const canary = { passes: "yes", fails: "no" };
  const second = (statuses: Record<string, TestResult["status"]>, crashed: string | null = null) => ({
    report: report(statuses, crashed),
    canary,
  });

  test("confirms the first when the canary and the shared tests come out as they must", () => {
    const runs = run(good, second({ a: "passed", yes: "passed", no: "failed" }));

    expect(compareWithBaseline(baseline, runs)).toEqual({ kind: "ran", passed: 2, regressions: [] });
  });

  test.each([
    [
      "calls what must fail passed",
      second({ yes: "passed", no: "passed" }),
      /must fail was reported as passed/,
    ],
    ["does not run what must fail", second({ yes: "passed" }), /must fail was reported as missing/],
    [
      "calls what must pass failed",
      second({ yes: "failed", no: "failed" }),
      /must pass was reported as failed/,
    ],
    ["breaks off", second({}, "the tests broke off"), /the tests broke off/],
    [
      "fails a test that passed before",
      second({ a: "failed", yes: "passed", no: "failed" }),
      /a passed in one run/,
    ],
  ])("that %s makes the first worthless", (_, other, reason) => {
    expect(compareWithBaseline(baseline, run(good, other))).toMatchObject({
      kind: "untrusted",
      reason: expect.stringMatching(reason),
      regressions: ["a", "b"],
    });
  });

  test("that misbehaves on the base commit is left out for the run, with the reason", () => {
    const odd = run(good, second({ a: "passed", yes: "passed" }));

    expect(baselineOf([odd, run(good)], "run", null)).toMatchObject({
      withoutCanary: "on the base commit in a second run a test that must fail was reported as missing",
    });
  });
});
