import { expect, test } from "vitest";
import { iniValues } from "../../../src/languages/python/setup-files.ts";
import { requirementsFiles, toxDependencies } from "../../../src/languages/python/setup-requirements.ts";
import { memoryCheckout } from "../../fakes/memory-workspace.ts";
import { asyncGrowth, growth } from "../../fixtures/growth.ts";

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
  ["a key without a value", (long: number) => `[testenv]\na${" ".repeat(long)}b\n`],
  ["a value with a gap", (long: number) => `[testenv]\ndeps =\n  a${" ".repeat(long)}b\n`],
  ["a header without an end", (long: number) => `[${"a".repeat(long)}\n`],
])("an INI file with %s is read in linear time", (_, text) => {
  expect(growth((long) => toxDependencies(text(long)), 50_000)).toBeLessThan(10);
});

test.each([
  ["blank lines", "\n"],
  ["spaces", " "],
  ["options", "-r"],
  ["options without a value", "-r \n"],
])("requirements that are nothing but %s are read in linear time", async (_, unit) => {
  const read = (times: number) =>
    requirementsFiles(memoryCheckout({ "requirements.txt": unit.repeat(times) }), []);

  expect(await asyncGrowth(read, 20_000)).toBeLessThan(10);
});
