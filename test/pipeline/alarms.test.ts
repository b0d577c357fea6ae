import { expect, test } from "vitest";
import { createPython } from "../../src/languages/python/python.ts";
import { findFlags } from "../../src/pipeline/alarms.ts";

const python = await createPython();
const flagsOf = (before: string | null, after: string, path = "shop/rates.py") =>
  findFlags(python, [{ path, before, after }]);

test.each([
  ["os._exit(0)", /ends the process/],
  ["sys.exit(1)", /asks the process to end/],
  ["atexit.register(f)", /after the tests/],
  ["frame = sys._getframe(1)", /code that calls it/],
  ["import inspect", /code that calls it/],
  ["gc.get_objects()", /objects of the test runner/],
  ["sys.modules['x'] = y", /which modules/],
  ["    def __eq__(self, other):", /comparison/],
  ["os.environ['PYTEST_CURRENT_TEST']", /names the test runner/],
  ["import unittest", /names the test runner/],
  ["builtins.open = mine", /replace code/],
  ["import ctypes", /memory/],
  ["subprocess.run(['x'])", /other programs/],
  ["import socket", /network/],
  ["eval(text)", /not in the patch/],
])("the added line %j is shown to the reviewer", (line, meaning) => {
  expect(flagsOf("a = 1\nb = 2\n", `a = 1\n${line}\nb = 2\n`)).toEqual([
    { path: "shop/rates.py", line: 2, text: line.trim(), meaning: expect.stringMatching(meaning) },
  ]);
});

test.each([
  "return evaluate(weight)",
  "self.exit(1)",
  "requested = 1",
  "total = weight * 2",
  "compiled = re.compile(x)",
])("the added line %j is not", (line) => {
  expect(flagsOf("a = 1\n", `a = 1\n${line}\n`)).toEqual([]);
});

test("lines that were there before, or are removed, are not shown", () => {
  expect(flagsOf("import inspect\nimport socket\na = 1\n", "import inspect\na = 2\n")).toEqual([]);
});

test("each line has its number in the patched file, in every hunk", () => {
  const lines = Array.from({ length: 40 }, (_, i) => `x${i} = ${i}`);
  const after = lines.with(4, "import socket").with(30, "import ctypes").toSpliced(10, 2);

  expect(flagsOf(`${lines.join("\n")}\n`, `${after.join("\n")}\n`).map(({ line }) => line)).toEqual([5, 29]);
});

test("a test that the candidate edits is shown as a whole, without its lines", () => {
  expect(flagsOf("a = 1\n", "import socket\n", "tests/test_rates.py")).toMatchObject([
    { path: "tests/test_rates.py", line: null, meaning: expect.stringContaining("no evidence") },
  ]);
});
