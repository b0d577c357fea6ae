import { expect, test } from "vitest";
import {
  changedFunctions,
  fixedFunctions,
  functionsAfter,
} from "../../../src/eval/turns/changed-functions.ts";
import { createPython } from "../../../src/languages/python/python.ts";
import { unifiedDiff } from "../../../src/domain/patch.ts";

const python = await createPython();
const before = `import os


class Parcel:
    def price(self):
        def part():
            return 1
        return part()

    def weight(self):
        return 2


LIMIT = 3
`;
const path = "shop/parcel.py";
const read = (name: string) =>
  Promise.resolve(name === path ? { text: before } : { missing: "unknown-file" as const });
const fixOf = (from: string, to: string) => unifiedDiff([{ path, before, after: before.replace(from, to) }]);
const changedBy = (fix: string) => changedFunctions(python, fix, read);

test("a fix inside of a nested function changes the one around it", async () => {
  const changed = await changedBy(fixOf("return 1", "return 7"));

  expect(changed).toMatchObject([
    { path, functions: [{ name: "Parcel.price", range: { first: 5, last: 8 } }] },
  ]);
  expect(fixedFunctions(python, changed, fixOf("return 1", "return 7"))).toBe(
    "def price(self):\n    def part():\n        return 7\n    return part()",
  );
});

test("what a patch makes of them is found by name, wherever they stand now", async () => {
  const changed = await changedBy(fixOf("return 2", "return 8"));
  const after = `# one line more\n${before.replace("return 2", "return 9")}`;

  expect(functionsAfter(python, changed, [{ path, before, after }])).toBe("def weight(self):\n    return 9");
  expect(functionsAfter(python, changed, [])).toBe("def weight(self):\n    return 2");
  expect(functionsAfter(python, changed, [{ path, before, after: "LIMIT = 3\n" }])).toBeNull();
});

test("a fix outside of all functions changes none", async () => {
  expect(await changedBy(fixOf("LIMIT = 3", "LIMIT = 4"))).toEqual([]);
});
