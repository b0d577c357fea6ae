import { assert, property } from "fast-check";
import { expect, test } from "vitest";
import { outlineOf, type Outline } from "../../../src/languages/python/outline.ts";
import { skeletonOf } from "../../../src/languages/python/skeleton.ts";
import { mayDefine, structureOf } from "../../../src/languages/python/structure.ts";
import { syntaxErrorOf } from "../../../src/languages/python/syntax-check.ts";
import { loadParser } from "../../../src/languages/syntax-tree.ts";
import { growth } from "../../fixtures/growth.ts";
import { anyLines, likelyPrograms } from "./random-programs.ts";
import { standardModules } from "./real-files.ts";

const parse = await loadParser("python");

const parsed = (text: string): Outline => ({
  structure: structureOf(parse(text, mayDefine), text),
  skeleton: skeletonOf(parse(text, mayDefine), text),
});

/** By lines and by the parser; both null where the text has a syntax error, or only the parser can tell. */
function readings(text: string): { readonly lines: Outline | null; readonly tree: Outline | null } {
  const lines = syntaxErrorOf(parse(text), text) === null ? outlineOf(text) : null;
  return { lines, tree: lines === null ? null : parsed(text) };
}

test("of real modules the lines tell what the parser tells, and of most of them they tell it", () => {
  const found = standardModules().map(readings);

  const read = found.filter(({ lines }) => lines !== null);

  expect(found.length).toBeGreaterThan(10);
  expect(read.length / found.length).toBeGreaterThan(0.7);
  expect(read.map(({ lines }) => lines)).toEqual(read.map(({ tree }) => tree));
});

test("of any program the lines tell what the parser tells", () => {
  let read = 0;
  const alike = (text: string): void => {
    const { lines, tree } = readings(text);
    read += Number(lines !== null);
    expect(lines).toEqual(tree);
  };

  assert(property(likelyPrograms, alike), { numRuns: 600 });
  assert(property(anyLines, alike), { numRuns: 200 });

  expect(read).toBeGreaterThan(100);
});

test("many strings on one long line take linear time", () => {
  expect(growth((strings) => void outlineOf(`x = [${"'a', ".repeat(strings)}]`), 10_000)).toBeLessThan(9);
});

test("many comments behind a block take linear time", () => {
  const read = (comments: number): void => void outlineOf(`if a:\n    b\n${"    #\n".repeat(comments)}c\n`);

  expect(growth(read, 40_000)).toBeLessThan(9);
});

const inFunction = (body: string): string => `def f():\n    a = 1\n${body}\nb = 2\n`;

test.each([
  ["comments behind its last line, as deep as it", inFunction("    # in f\n\n    # in f, too")],
  ["comments behind it that lie further left", inFunction("  # not in f\n    # nor this")],
  [
    "comments of a block in it, and its own behind them",
    inFunction("    if a:\n        b  # c\n        # d\n    # e"),
  ],
  [
    "comments between a statement's clauses",
    inFunction("    if a:\n        b\n    # c\n    else:\n        d\n  # e"),
  ],
  [
    "comments at the end of the text",
    "class A:\n    def f(self):\n        return 1\n        # in f\n    # in A\n# out",
  ],
  ["rows of comments at the margin within it", inFunction("# at the margin\n    return a")],
  ["a body on the head's own line", "class A:\n    def f(self): return 1  # one\n    def g(self): ...\n"],
  ["a docstring and nothing else", 'def f():\n    """D."""\n\n\ndef g():\n    r"D" "E"\n    return 1\n'],
  [
    "decorators over several rows, in a function too",
    inFunction("    @a(\n        1,\n    )\n    @b\n    def g(): pass"),
  ],
  ["tabs", "class A:\n\tx = 1\n\tdef f(self):\n\t\treturn 1\n\t# end\n"],
  ["brackets and colons in strings", "x = '(' + \"[:\" + '''{\n#'''\ndef f(a='):'): return ']'\n"],
  ["a comment behind a tab", "def f():\n    a = 1\n\t# in f\nb = 2\n"],
  ["names that begin like keywords", "classes = 1\ndefault = iffy = 2\nimported: int = 3\n"],
])("a function with %s is read as the parser reads it", (_, text) => {
  expect(outlineOf(text)).toEqual(parsed(text));
});

test.each([
  ["an unbalanced bracket", "def f(:\n    pass\n"],
  ["a string without an end", "x = 'a\n"],
  ["two statements on a line", "a = 1; b = 2\n"],
  ["a block that is missing", "def f():\nb = 2\n"],
  ["a depth that no block has", "if a:\n        b\n    c\n"],
  ["a row in brackets further left than its block", "if a:\n    x = (b +\n  c)\n"],
  ["letters beyond ASCII in code", "größe = 1\n"],
  ["line ends of other systems", "a = 1\r\n"],
  ["a string in the braces of another one's like", "x = f'{a['b']}'\n"],
  ["a target that is a pattern", "(a, b) = c\n"],
  ["a comment behind a backslash", "def f():\n    a = b + c \\\n        # why\nd = 1\n"],
])("%s is left to the parser", (_, text) => {
  expect(outlineOf(text)).toBeNull();
});
