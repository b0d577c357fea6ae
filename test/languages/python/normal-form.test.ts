import { assert, property, string } from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { Language } from "../../../src/languages/language.ts";
import { createPython } from "../../../src/languages/python/python.ts";
import { growth } from "../../fixtures/growth.ts";

let python: Language;
beforeAll(async () => {
  python = await createPython();
});

describe("the normal form of a Python file", () => {
  test.each([
    ["comments", "a = 1  # why\n# more\nb = 2\n", "a = 1\nb = 2\n"],
    ["blank lines and spaces", "a=1\n\n\nb  =  f( 2 )\n", "a = 1\nb = f(2)"],
    ["line ends", "a = 1\r\nb = '''x\r\ny'''\r\n", "a = 1\nb = '''x\ny'''\n"],
    ["depth of indentation", "if a:\n  b\n", "if a:\n\tb\n"],
    ["one line or more", "if a: b; c\n", "if a:\n    b\n    c\n"],
    ["wrapping in parentheses", "x = (1 +\n  2)\n", "x = 1 + 2\n"],
    ["wrapping by backslash", "x = 1 + \\\n  2\n", "x = 1 + 2\n"],
    ["wrapping of arguments", "f(\n    a,\n    b,  # last\n)\n", "f(a, b)\n"],
    ["wrapping of imports", "from a import (\n    b,\n    c,\n)\n", "from a import b, c\n"],
    ["docstrings", '"""M."""\ndef f():\n    r"""D."""\n    return 1\n', "def f():\n    return 1\n"],
    ["doubled parentheses", "return_((a))\nif (a): pass\n", "return_(a)\nif a: pass\n"],
    ["a trailing comma", "x = [1, 2,]\ny = (1, 2,)\n", "x = [1, 2]\ny = (1, 2)\n"],
  ])("does not depend on %s", (_, first, second) => {
    expect(python.normalForm(first)).toBe(python.normalForm(second));
  });

  test.each([
    ["which block a statement is in", "if a:\n    b\n    c\n", "if a:\n    b\nc\n"],
    ["which if an else belongs to", "if a:\n  if b: c\n  else: d\n", "if a:\n  if b: c\nelse: d\n"],
    ["grouping", "x = (a + b) * c\n", "x = a + (b * c)\n"],
    ["chained comparison", "x = a < b < c\n", "x = (a < b) < c\n"],
    ["tuples of one", "x = (1,)\ny = a[1,]\n", "x = (1)\ny = a[1]\n"],
    ["slices", "x[1:]\n", "x[:1]\n"],
    ["blanks in strings", "x = 'a  b'\n", "x = 'a b'\n"],
    ["code that a bare carriage return brings out of a comment", "a = 1  # b\rc()\n", "a = 1  # b\n"],
    ["tuples of one in annotations", "x: a[b,]\n", "x: a[b]\n"],
    ["escapes", "x = 'a\\nb'\n", "x = 'a\\tb'\n"],
    ["strings that are no docstrings", "def f():\n    x = 'a'\n", "def f():\n    x = 'b'\n"],
    ["interpolation", "x = f'{a}'\n", "x = f'{b}'\n"],
    ["calls and names", "f()\n", "f\n"],
    ["await", "async def f():\n  await x\n", "async def f():\n  x\n"],
    ["order of statements", "a = 1\nb = 2\n", "b = 2\na = 1\n"],
    ["patterns of one", "match x:\n  case (a,): pass\n", "match x:\n  case (a): pass\n"],
    ["star arguments", "f(*a)\n", "f(**a)\n"],
    ["a call of a call", "f(a)(b)\n", "f(a, b)\n"],
    ["is and is not", "a is b\n", "a is not b\n"],
    ["a statement more", "f()\n", "f()\nf()\n"],
  ])("depends on %s", (_, first, second) => {
    expect(python.normalForm(first)).not.toBeNull();
    expect(python.normalForm(first)).not.toBe(python.normalForm(second));
  });

  test("is null for a text that does not parse", () => {
    expect(python.normalForm("def f(:\n    pass\n")).toBeNull();
    expect(python.normalForm("def f():\npass\n")).toBeNull();
  });

  test("is made of text of any depth", () => {
    const deep = `x = ${"(".repeat(20_000)}1${")".repeat(20_000)}\n`;

    expect(python.normalForm(deep)).toBe(python.normalForm("x = 1\n"));
  });
});

describe("the syntax error of a Python file", () => {
  test.each([
    ["def f(:\n    pass\n", "line 1:"],
    ["a = 1\nx = (1,\nb = 2\n", "line 2:"],
    ["a = 1\ndef f():\nb = 2\n", "line 2: expected an indented block"],
    ["if a:\n    # only a comment\nelse:\n    pass\n", "line 1: expected an indented block"],
    ["a = 1\n    b = 2\n", "line 2: unexpected indentation"],
    ["def f():\n    a = 1\n      b = 2\n", "line 3: unexpected indentation"],
    ["def f():\n        a = 1\n    b = 2\n", "line 3: unexpected indentation"],
    ["def f():\n    a = 1\n\tb = 2\n", "line 3: unexpected indentation"],
    ["if a:\n    b\n  else:\n    c\n", "line 3:"],
    ["a = 1\n<<<<<<< SEARCH\nb = 2\n", "line 2:"],
    ["x = 'abc\ny = 1\n", "line 1:"],
    ["a b c\n", "line 1:"],
    ["a = 1\nb\u{200B} = '\u{200B}'\n", "line 2: invisible character U+200B"],
    ["a =\u{2060} 1\n", "line 1: invisible character U+2060"],
  ])("in %j is told with its line", (text, start) => {
    expect((python.syntaxError(text) ?? "null").slice(0, start.length)).toBe(start);
  });

  test.each([
    "",
    "\n\n",
    "# only a comment",
    "\u{FEFF}import os\n",
    "\r0",
    "\f\nclass A:\n    pass\n\f\ndef f():\n    return 1\n",
    "def f():\r\n    '''d'''\r\n    return 1\r\n",
    "if a: b; c\nx = [\n  1,\n      2]\n",
    "try:\n    a\nexcept* E as e:\n    b\nelse:\n    c\nfinally:\n    d\n",
    "match x:\n    case {'a': [1, *_]} if y:\n        pass\n    case _:\n        pass\n",
    "type X[T] = list[T]\ndef f[T](a, /, b: T = 1, *, c) -> T: ...\nif (n := 1): pass\nx = f'{a!r:>{w}}'\n",
    "async def f():\n    async with a as b, c:\n        return [x async for x in y]\n",
    "# \u{200B}\nx = '\u{200B}' f'\u{2060}{y}'\n",
    "x = a \\\n    + b\nclass C: x = 1\nwhile 1:\n\tbreak\n",
    "if a:\n  x\n  # comment\n    # odd comment\n  y\n# outer\nelif b:\n  z\n",
  ])("is null for %j", (text) => {
    expect(python.syntaxError(text)).toBeNull();
  });

  test("is found in any text at all without failing", () => {
    const readable = property(string({ unit: "binary", maxLength: 300 }), (text) => {
      const parses = python.syntaxError(text) === null;
      expect(python.normalForm(text) !== null).toBe(parses);
      expect(python.structure(text).lines).toBeLessThanOrEqual(text.length);
      expect(python.skeleton(text).length).toBeLessThanOrEqual(text.length + 3 * text.length);
    });

    assert(readable, { numRuns: 200 });
  });
});

test("the normal form of a list that ends with many comments takes linear time", () => {
  const read = (lines: number): void => {
    python.normalForm(`x = [${"1,\n".repeat(lines)}${"# no\n".repeat(lines)}]\n`);
  };

  expect(growth(read, 2_000)).toBeLessThan(9);
});

test("lines that do nothing but go on take linear time, and mean nothing", () => {
  const read = (lines: number): void => {
    python.normalForm(`x = 1 + ${"\\\n ".repeat(lines)}2\n`);
  };

  expect(growth(read, 2_000)).toBeLessThan(9);
  expect(python.normalForm("x = 1 + \\\n \\\n\\\n2; y = '\\\n\\\n'\n")).toBe(
    python.normalForm("x = 1 + 2\ny = '\\\n\\\n'\n"),
  );
});
