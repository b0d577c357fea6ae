import { expect, test } from "vitest";
import { iniValues } from "../../../src/languages/python/setup-files.ts";
import { requirementsFiles, toxDependencies } from "../../../src/languages/python/setup-requirements.ts";
import { memoryCheckout } from "../../fakes/memory-workspace.ts";

const long = 200_000;

/** Milliseconds, of quadratic time some 20,000. */
async function timeOf(work: () => unknown): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

test("an INI key ends at the first = or :, and its value may go on in later lines", () => {
  const text = "[a]\nx  = 1\ny: 2 = 3\n=4\nz =\n  5\n  # 6\n  7\n";

  expect(["x", "y", "", "z"].map((key) => iniValues(text, "a", key))).toEqual([
    ["1"],
    ["2 = 3"],
    [],
    ["5", "7"],
  ]);
});

test("a comment of tox's begins at a # after white space", () => {
  const text = "[testenv]\ndeps =\n  six  # words # more\n  a#b\n  -r r.txt\t#x\n";

  expect(toxDependencies(text)).toEqual({ files: ["r.txt"], requirements: ["six", "a#b"] });
});

test.each([
  ["a key without a value", `[testenv]\na${" ".repeat(long)}b\n`],
  ["a value with a gap", `[testenv]\ndeps =\n  a${" ".repeat(long)}b\n`],
  ["a header without an end", `[${"a".repeat(long)}\n`],
])("an INI file with %s is read in linear time", async (_, text) => {
  expect(await timeOf(() => toxDependencies(text))).toBeLessThan(1_000);
});

test.each([
  ["blank lines", "\n"],
  ["spaces", " "],
  ["options", "-r"],
  ["options without a value", "-r \n"],
])("requirements that are nothing but %s are read in linear time", async (_, unit) => {
  const checkout = memoryCheckout({ "requirements.txt": unit.repeat(long / unit.length) });

  expect(await timeOf(() => requirementsFiles(checkout, []))).toBeLessThan(1_000);
});
