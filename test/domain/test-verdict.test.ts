import { describe, expect, test } from "vitest";
import type { TestReport, TestResult } from "../../src/domain/execution.ts";
import {
  baselineOf,
  compareWithBaseline,
  disturbance,
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
const run = (first: TestReport): TestRuns => ({ first, second: null, canary: null });
const baselineFrom = (first: TestReport, second: TestReport) => baselineOf([first, second], "run", null);
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

test("a test that failed in one of two runs with the patch is named, as the baseline never saw it fail", () => {
  const verdict = compareWithBaseline(baseline, run(report({ a: "passed", b: "failed" })));
  const again = compareWithBaseline(baseline, run(report({ a: "failed", b: "passed" })));

  expect(withoutFlaky(verdict, again)).toEqual({
    kind: "ran",
    passed: 1,
    regressions: [],
    flaky: ["b", "a"],
  });
});

test.each([
  ["untrusted", { ...good, doubt: "it lies" }, "the test run cannot be trusted: it lies"],
  ["crashed", report({}, "killed"), "killed"],
] as const)(
  "a first run that is %s stays in the verdict when the second is in order",
  (kind, first, reason) => {
    const again = compareWithBaseline(baseline, run(good));

    expect(withoutFlaky(compareWithBaseline(baseline, run(first)), again)).toEqual({
      kind: "ran",
      passed: 2,
      regressions: [],
      earlier: { kind, reason },
    });
  },
);

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

describe("a second run, in which a test of the canary must fail", () => {
  const canary = { mark: "canary", passes: "canary yes", fails: "canary no" };
  const honest: TestReport = report({
    a: "passed",
    b: "passed",
    "canary yes": "passed",
    "canary no": "passed",
  });
  const told = { a: "passed", b: "passed", "canary yes": "passed", "canary no": "failed" } as const;
  const verdictOf = (first: TestReport, second: TestReport | null) =>
    compareWithBaseline(baseline, { first, second, canary });

  test("confirms the first when everything comes out as it must, and its own tests are not counted", () => {
    expect(verdictOf(honest, report(told))).toEqual({ kind: "ran", passed: 2, regressions: [] });
    expect(verdictOf(honest, null)).toEqual({ kind: "ran", passed: 2, regressions: [] });
  });

  test.each([
    [
      "calls what must fail passed",
      report({ ...told, "canary no": "passed" }),
      /must fail was reported as passed/,
    ],
    [
      "does not run what must fail",
      report({ a: "passed", b: "passed", "canary yes": "passed" }),
      /must fail was reported as missing/,
    ],
    [
      "calls what must pass failed",
      report({ ...told, "canary yes": "failed" }),
      /must pass was reported as failed/,
    ],
    ["breaks off", report({}, "the tests broke off"), /the tests broke off/],
    ["fails a test that passed before", report({ ...told, a: "failed" }), /a passed in one run/],
    [
      "lacks a test that passed before",
      report({ b: "passed", "canary yes": "passed", "canary no": "failed" }),
      /a passed in one run/,
    ],
  ])("that %s makes the first worthless", (_, second, reason) => {
    expect(verdictOf(honest, second)).toMatchObject({
      kind: "untrusted",
      reason: expect.stringMatching(reason),
      regressions: ["a", "b"],
    });
  });

  test("is not needed to see a first run that misreports the canary", () => {
    expect(verdictOf(good, null)).toMatchObject({
      kind: "untrusted",
      reason: expect.stringContaining("must pass was reported as missing"),
    });
  });

  test("is not suspected for a module that does not load, since tests break with it", () => {
    expect(verdictOf(report({ a: "errored" }), null)).toMatchObject({ kind: "ran", regressions: ["a", "b"] });
  });

  test.each([
    ["does not fail as it must", honest, honest, /must fail was reported as passed/],
    [
      "keeps others from running",
      honest,
      report({ "canary yes": "passed", "canary no": "failed" }),
      /a passed/,
    ],
    ["cannot be run", report({}, "it does not build"), report({}, "it does not build"), /does not build/],
  ])("misbehaves on the base commit where it %s", (_, first, second, reason) => {
    expect(disturbance(first, second, canary)).toMatch(reason);
  });

  test("does not misbehave where a test of the project is flaky", () => {
    expect(disturbance(honest, report({ ...told, a: "failed" }), canary)).toBeNull();
  });
});
