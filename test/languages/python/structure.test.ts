import { beforeAll, describe, expect, test } from "vitest";
import type { Language } from "../../../src/languages/language.ts";
import { createPython } from "../../../src/languages/python/python.ts";

let python: Language;
beforeAll(async () => {
  python = await createPython();
});

const definitionsOf = (text: string): string[] =>
  python
    .structure(text)
    .definitions.map(({ kind, name, range }) => `${kind} ${name} ${range.first}-${range.last}`);

describe("the structure of a Python file", () => {
  test("has classes, functions and variables with qualified names", () => {
    const text = `import os
LIMIT = 3
low, high = 1, 2

class Parcel(Base):
    unit = "kg"

    async def weigh(self):
        scale = 1
        def inner():
            return 1

        return inner


def total(): return 1
`;

    expect(definitionsOf(text)).toEqual([
      "variable LIMIT 2-2",
      "variable low 3-3",
      "variable high 3-3",
      "class Parcel 5-13",
      "variable Parcel.unit 6-6",
      "function Parcel.weigh 8-13",
      "function Parcel.weigh.inner 10-11",
      "function total 16-16",
    ]);
  });

  test("counts decorators to what they decorate", () => {
    expect(definitionsOf("@cache\n@route(\n  '/x'\n)\ndef x():\n    pass\n")).toEqual(["function x 1-6"]);
  });

  test("keeps every definition of the same name", () => {
    const text = "try:\n    def f(): pass\nexcept ImportError:\n    def f(): pass\nf = 1\n";

    expect(definitionsOf(text)).toEqual(["function f 2-2", "function f 4-4", "variable f 5-5"]);
  });

  test("leaves attributes, items and local variables out", () => {
    expect(definitionsOf("a.b = 1\nc[d] = 2\ndef f():\n    e = 1\ng = h = 3\n")).toEqual([
      "function f 3-4",
      "variable g 5-5",
      "variable h 5-5",
    ]);
  });

  test("has the imports of the module, also those in a try, and none of functions", () => {
    const text =
      "from __future__ import annotations\nimport os\ntry:\n    from a import (\n        b,\n    )\nexcept ImportError:\n    b = None\ndef f():\n    import c\n";

    expect(python.structure(text).imports).toEqual([
      { first: 1, last: 1 },
      { first: 2, last: 2 },
      { first: 4, last: 6 },
    ]);
  });

  test.each([
    ["", 0],
    ["a", 1],
    ["a\n", 1],
    ["a\n\n", 2],
    ["a\r\nb\fc\u2028d\r\n", 2],
  ])("counts the lines of %j as editors do", (text, lines) => {
    expect(python.structure(text).lines).toBe(lines);
  });

  test("is there for a file that does not parse", () => {
    expect(definitionsOf("def f(:\n    pass\n\ndef g():\n    return 1\n")).toContain("function g 4-5");
  });

  test("counts lines after characters outside of the basic plane", () => {
    expect(definitionsOf('x = "😀😀"\ndef f():\n    pass\n')).toEqual(["variable x 1-1", "function f 2-3"]);
  });
});

describe("the skeleton of a Python file", () => {
  test("keeps signatures, docstrings and class bodies, and drops what functions do", () => {
    const text = `import os

class A:
    x = 1

    @property
    def b(self) -> int:
        """What b is."""
        y = compute()
        return y

    def c(self): return 1

def d():
    # why
    for i in x:
        print(i)

E = 2
`;

    expect(python.skeleton(text)).toBe(`import os

class A:
    x = 1

    @property
    def b(self) -> int:
        """What b is."""
        ...

    def c(self): ...

def d():
    # why
    ...

E = 2
`);
  });
});
