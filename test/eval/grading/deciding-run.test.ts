import { expect, test } from "vitest";
import { decidingRun } from "../../../src/eval/grading/deciding-run.ts";
import { testLogReaders } from "../../../src/eval/grading/test-log.ts";
import { readCase } from "../../../src/eval/suite/case.ts";
import { caseFile } from "../suite/fixtures.ts";

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
    log: testLogReaders["pytest"],
    files: [
      { place: "tree", path: "tests/t.py", content: "a = 2\n" },
      { place: "tree", path: "tests/new.py", content: "b = 1\n" },
    ],
  });
});

test.each([
  [
    "tests that are told another way",
    truthWith({}, { parser: "tap" }),
    /told by tap; what is read is pytest, sympy, django/,
  ],
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
