import { expect, test } from "vitest";
import type { TestVerdict } from "../../src/domain/verdict.ts";
import { baselineOf, compareWithBaseline } from "../../src/domain/test-verdict.ts";
import { readPythonTestReport } from "../../src/languages/python/test-report.ts";
import { exited } from "../fakes/fake-sandbox.ts";

const xml = (...cases: readonly string[]): string =>
  `<testsuites><testsuite name="pytest">${cases.join("")}</testsuite></testsuites>`;
const passed = (name: string): string => `<testcase classname="tests.test_a" name="${name}"/>`;
const failed = (name: string): string =>
  `<testcase classname="tests.test_a" name="${name}"><failure message="no"/></testcase>`;
/** As pytest reports a module that it could not import. */
const uncollected =
  '<testcase classname="" name="tests.test_a"><error message="collection failure"/></testcase>';

const before = readPythonTestReport(exited(1, "", xml(passed("a"), passed("b"), failed("c"))));

function verdictOf(exitCode: number, report: string | null, stdout = ""): TestVerdict {
  const after = readPythonTestReport(exited(exitCode, stdout, report));
  const baseline = baselineOf([before, before], "pytest", null);
  return compareWithBaseline(baseline, { first: after, second: null, canary: null });
}

const ended = { stdout: "", stderr: "", cut: false, durationMs: 1 };
const both = ["tests.test_a::a", "tests.test_a::b"];

test.each([
  ["a module cannot be imported any more", 2, xml(uncollected)],
  ["nothing is collected", 5, xml()],
  ["the run was killed before its report", 137, null],
  ["the interpreter crashed and the log has failures of its own", 139, null],
])("when %s, every test that passed counts as broken", (_, exitCode, report) => {
  const log = "ERROR tests/test_a.py\nE   ImportError: no\n";

  expect(verdictOf(exitCode, report, log)).toMatchObject({ regressions: both });
});

test.each(["timed-out", "out-of-memory"] as const)(
  "when the run was %s after some tests had passed, its short report speaks for none of them",
  (kind) => {
    const report = xml(passed("a"), passed("b"));
    const after = readPythonTestReport({ ...ended, kind, report });
    const baseline = baselineOf([before, before], "pytest", null);

    expect(compareWithBaseline(baseline, { first: after, second: null, canary: null })).toMatchObject({
      kind: "crashed",
      regressions: both,
    });
  },
);

test("a test that is fixed does not pay for one that breaks, though as many fail as before", () => {
  expect(verdictOf(1, xml(failed("a"), passed("b"), passed("c")))).toMatchObject({
    regressions: ["tests.test_a::a"],
  });
});

test("a failure that the log tells twice, in its progress and its summary, counts once", () => {
  const log = "tests/test_a.py::a FAILED\nFAILED tests/test_a.py::a - no\n= 2 failed in 0.1s =\n";
  const verdict = verdictOf(1, xml(failed("a"), passed("b"), failed("c")), log);

  expect(verdict).toMatchObject({ kind: "ran", passed: 1, regressions: ["tests.test_a::a"] });
});
