import { expect, test } from "vitest";
import { decidingRun, pytestResults } from "../../../src/eval/turns/deciding-run.ts";
import { readCase } from "../../../src/eval/suite/case.ts";
import { caseFile } from "../suite/fixtures.ts";

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

const truthWith = (change: object, run: object = {}) => {
  const file = caseFile();
  const pytest = { ...file.run, parser: "pytest", test_command: "python3 -m pytest", ...run };
  return readCase(JSON.stringify({ ...file, test_patch: "", run: pytest, ...change }), "case").truth;
};
const files = new Map([["tests/t.py", "a = 1\n"]]);
const read = (path: string) => {
  const text = files.get(path);
  return Promise.resolve(text === undefined ? { missing: "unknown-file" as const } : { text });
};
const testPatch = (...lines: readonly string[]): string => `${lines.join("\n")}\n`;

test("runs the case's command with its variables and its tests", async () => {
  const patch = testPatch(
    "--- a/tests/t.py",
    "+++ b/tests/t.py",
    "@@ -1 +1 @@",
    "-a = 1",
    "+a = 2",
    "--- /dev/null",
    "+++ b/tests/new.py",
    "@@ -0,0 +1 @@",
    "+b = 1",
  );

  expect(
    await decidingRun(
      truthWith({ test_patch: patch }, { env: { LANG: "a'b", PYTHONPATH: "/repo/src:/repo:/my/repo" } }),
      read,
    ),
  ).toEqual({
    script: `export LANG='a'\\''b'\nexport PYTHONPATH="$PWD"/src:"$PWD":/my/repo\npython3 -m pytest`,
    timeoutMs: 900_000,
    files: [
      { place: "tree", path: "tests/t.py", content: "a = 2\n" },
      { place: "tree", path: "tests/new.py", content: "b = 1\n" },
    ],
  });
});

test.each([
  ["tests that are told another way", truthWith({}, { parser: "django" }), /told by django/],
  [
    "a test patch of another commit",
    truthWith({
      test_patch: testPatch("--- a/tests/t.py", "+++ b/tests/t.py", "@@ -1 +1 @@", "-x = 1", "+x = 2"),
    }),
    /does not apply/,
  ],
])("says that it cannot make the run of %s", async (_, truth, why) => {
  expect(await decidingRun(truth, read)).toEqual({ why: expect.stringMatching(why) });
});
