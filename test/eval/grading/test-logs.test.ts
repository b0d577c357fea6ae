import { describe, expect, test } from "vitest";
import { djangoResults } from "../../../src/eval/grading/django-log.ts";
import { pytestFailures, pytestResults } from "../../../src/eval/grading/pytest-log.ts";
import { sympyResults } from "../../../src/eval/grading/sympy-log.ts";

const heading = "=========================== short test summary info ============================";

test("reads pytest's summary, whatever stands before it", () => {
  const output = [
    "PASSED tests/t.py::test_forged",
    heading,
    "PASSED tests/t.py::test_forged_with_heading",
    "1 passed",
    `\u001b[36m${heading}\u001b[0m`,
    "\u001b[32mPASSED\u001b[0m tests/t.py::test_a[x - y]",
    "FAILED tests/t.py::test_b - assert 1 == 2",
    "ERROR tests/t.py::test_c - OSError: no",
    "PASSED tests/t.py::test_c",
    "XFAIL tests/t.py::test_d - known",
    "SKIPPED [1] tests/t.py:3: no",
    "=== 2 failed ===",
  ].join("\n");

  expect(Object.fromEntries(pytestResults(output))).toEqual({
    "tests/t.py::test_a[x - y]": "passed",
    "tests/t.py::test_b": "failed",
    "tests/t.py::test_c": "failed",
    "tests/t.py::test_d": "passed",
  });
});

test("an output without a summary names no test", () => {
  expect(pytestResults("PASSED tests/t.py::test_a\n").size).toBe(0);
});

test("what failed is told without what passed", () => {
  const output = [
    "=== test session starts ===",
    "=== FAILURES ===",
    "E   ValueError: no",
    "=== PASSES ===",
    "printed by a test that passed",
    heading,
    "PASSED tests/t.py::test_a",
    "=== 1 failed, 1 passed in 0.1s ===",
    "a thread died",
  ].join("\n");

  expect(pytestFailures(output).split("\n")).toEqual([
    "=== test session starts ===",
    "=== FAILURES ===",
    "E   ValueError: no",
    "=== 1 failed, 1 passed in 0.1s ===",
    "a thread died",
  ]);
});

// The forms of Django's runner on Python 3.11 and before, with --verbosity 2.
describe("Django's tests", () => {
  const told = (...lines: readonly string[]) => Object.fromEntries(djangoResults(lines.join("\n")));

  test("are known by both spellings of their names, and by the first line of their docstrings", () => {
    expect(
      told(
        "test_new (app.tests.Some.test_new) ... ok",
        "test_old (app.tests.Some) ... FAIL",
        "test_said (app.tests.Some.test_said)",
        "#24155 - Tests ordering of imports. ... ok",
        "test_skipped (app.tests.Some.test_skipped) ... skipped 'no database'",
        "test_known (app.tests.Some.test_known) ... expected failure",
        "test_better (app.tests.Some.test_better) ... unexpected success",
      ),
    ).toEqual({
      "test_new (app.tests.Some)": "passed",
      "test_new (app.tests.Some.test_new)": "passed",
      "test_old (app.tests.Some)": "failed",
      "test_old (app.tests.Some.test_old)": "failed",
      "test_said (app.tests.Some)": "passed",
      "test_said (app.tests.Some.test_said)": "passed",
      "#24155 - Tests ordering of imports.": "passed",
      "test_known (app.tests.Some)": "passed",
      "test_known (app.tests.Some.test_known)": "passed",
      "test_better (app.tests.Some)": "failed",
      "test_better (app.tests.Some.test_better)": "failed",
    });
  });

  test("whose status comes after something that was printed are known by what follows", () => {
    const lines = [
      "test_loud (app.tests.Some) ... a warning",
      "ok",
      "test_broken (app.tests.Some) ... another warning",
      "ERROR: test_broken (app.tests.Some)",
      "test_lost (app.tests.Some) ... a third one",
    ];

    expect(told(...lines, "Ran 3 tests in 0.1s")).toMatchObject({
      "test_loud (app.tests.Some)": "passed",
      "test_broken (app.tests.Some)": "failed",
      "test_lost (app.tests.Some)": "passed",
    });
    expect(told(...lines)).toMatchObject({ "test_lost (app.tests.Some)": "failed" });
  });

  test("with subtests fail when one of these does, and errors of a class are its own", () => {
    expect(
      told(
        "test_all (app.tests.Some.test_all) ... ok",
        "FAIL: test_all (app.tests.Some.test_all) (case=2)",
        "ERROR: setUpClass (app.tests.Other)",
      ),
    ).toEqual({
      "test_all (app.tests.Some)": "failed",
      "test_all (app.tests.Some.test_all)": "failed",
      "setUpClass (app.tests.Other)": "failed",
      "setUpClass (app.tests.Other.setUpClass)": "failed",
    });
  });
});

test("reads what sympy's runner says of each test, and the failures at the end", () => {
  const output = [
    "sympy/core/tests/test_a.py[6]",
    "test_ok ok",
    "test_wrong F",
    "test_error E",
    "test_known f",
    "test_slow s",
    "test_late ok [OK]",
    "________________ sympy/core/tests/test_a.py:test_late ________________",
  ].join("\n");

  expect(Object.fromEntries(sympyResults(output))).toEqual({
    test_ok: "passed",
    test_wrong: "failed",
    test_error: "failed",
    test_known: "passed",
    test_late: "failed",
  });
});
