import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { ExecutionOutcome, TestResult } from "../../../src/domain/execution.ts";
import { readJavaScriptTestReport } from "../../../src/languages/javascript/test-report.ts";

const exited = (report: string | null, exitCode: number): ExecutionOutcome => ({
  kind: "exited",
  exitCode,
  stdout: "",
  stderr: "",
  cut: false,
  durationMs: 1,
  report,
});
const recorded = (name: string): string =>
  readFileSync(new URL(`../../fixtures/reports/javascript/${name}.report`, import.meta.url), "utf8");
const statuses = (results: readonly TestResult[]): Record<string, string> =>
  Object.fromEntries(results.map(({ id, status }) => [id, status]));

const rates = (prefix: string): Record<string, string> => ({
  [`${prefix}rates > doubles`]: "passed",
  [`${prefix}rates > fails <a> "b"`]: "failed",
  [`${prefix}rates > is skipped`]: "skipped",
  [`${prefix}rates > inner > odd > waits`]: "passed",
});
const broken = { "test/broken.test.js": "errored" };
const hook = (prefix: string, name: string, status: string): Record<string, string> => ({
  [`${prefix}hooks${name}`]: status,
});
const inFile = "test/rates.test.js > ";

describe("the report that a real runner left", () => {
  test.each([
    ["jest-26.6", 1, { ...rates(inFile), ...broken, ...hook(inFile, " > after the hook", "failed") }],
    ["jest-29.7", 1, { ...rates(inFile), ...broken, ...hook(inFile, " > after the hook", "failed") }],
    ["vitest-4.1", 1, { ...rates(inFile), ...broken, ...hook(inFile, " > after the hook", "skipped") }],
    [
      "mocha-6.2",
      2,
      {
        ...rates("test/rates.js > "),
        ...hook("test/rates.js > ", ' > "before all" hook for "after the hook"', "errored"),
      },
    ],
    [
      "mocha-11.8",
      2,
      {
        ...rates("test/rates.js > "),
        ...hook("test/rates.js > ", ' > "before all" hook for "after the hook"', "errored"),
      },
    ],
    [
      "jasmine-3.6",
      1,
      { ...rates(""), ...hook("", "", "errored"), ...hook("", " > after the hook", "passed") },
    ],
    [
      "jasmine-5.13",
      3,
      { ...rates(""), ...hook("", "", "errored"), ...hook("", " > after the hook", "failed") },
    ],
    [
      "node-20.20",
      1,
      {
        ...rates(inFile),
        ...broken,
        "test/bare.test.js": "passed",
        ...hook(inFile, "", "errored"),
        ...hook(inFile, " > after the hook", "failed"),
      },
    ],
  ])("of %s has every result under a stable id", (name, exitCode, expected) => {
    const report = readJavaScriptTestReport(exited(recorded(name), exitCode));

    expect(report.crashed).toBeNull();
    expect(statuses(report.results)).toEqual(expected);
  });

  test.each(["jest-29.7", "vitest-4.1", "mocha-11.8", "jasmine-5.13", "node-20.20"])(
    "of %s is not believed with an exit status that says that all passed",
    (name) => {
      expect(readJavaScriptTestReport(exited(recorded(name), 0)).crashed).toContain("broke off");
    },
  );

  test.each(["jest-29.7", "vitest-4.1", "mocha-11.8", "jasmine-5.13", "node-20.20"])(
    "of %s is not believed when it is cut",
    (name) => {
      expect(readJavaScriptTestReport(exited(recorded(name).slice(0, -8), 1)).crashed).not.toBeNull();
    },
  );
});

const assertion = { ancestorTitles: ["a"], title: "b", status: "passed", duration: 1 };
const jest = (change: Record<string, unknown>, suite: Record<string, unknown> = {}): string =>
  `{"root":"/sbx/repo","report":${JSON.stringify({
    numTotalTests: 1,
    success: true,
    testResults: [{ name: "/sbx/repo/a.test.js", status: "passed", assertionResults: [assertion], ...suite }],
    ...change,
  })}}`;

describe("a JSON report", () => {
  test("is believed when all of it fits", () => {
    expect(readJavaScriptTestReport(exited(jest({}), 0))).toEqual({
      crashed: null,
      results: [{ id: "a.test.js > a > b", status: "passed", seconds: 0.001 }],
    });
  });

  test.each([
    ["counts other tests than it lists", jest({ numTotalTests: 2 }), 0],
    ["says that something failed and does not say what", jest({ success: false }), 1],
    [
      "hides a failure under success",
      jest({}, { assertionResults: [{ ...assertion, status: "failed" }] }),
      1,
    ],
    ["ends with another status than it says", jest({}), 1],
    ["is none of jest", '{"root":"/sbx/repo","report":{}}', 0],
  ])("is not believed when it %s", (_, report, exitCode) => {
    expect(readJavaScriptTestReport(exited(report, exitCode)).crashed).not.toBeNull();
  });

  test("has a result of its own for a file that failed outside of its tests", () => {
    const report = jest({ success: false }, { status: "failed" });

    expect(statuses(readJavaScriptTestReport(exited(report, 1)).results)).toEqual({
      "a.test.js > a > b": "passed",
      "a.test.js": "errored",
    });
  });

  test("of 5,000 tests is read whole", () => {
    const tests = Array.from({ length: 5000 }, (_, index) => ({ ...assertion, title: `test ${index}` }));
    const report = jest({ numTotalTests: 5000 }, { assertionResults: tests });

    expect(readJavaScriptTestReport(exited(report, 0)).results).toHaveLength(5000);
  });
});
