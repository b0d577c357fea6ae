import { array, constantFrom, nat, tuple, type Arbitrary } from "fast-check";

const lines = [
  "def f(a, b=(1,\n  2)):",
  "async def g(x: int = 3) -> list[int]:",
  "def h(): return 1  # one",
  "def stub(): ...",
  "class A(B, metaclass=C):",
  "class E(Exception): pass",
  "@decorated(\n'x'\n)",
  "@cached  # why",
  "if a == b:  # head",
  "elif a:",
  "else:",
  "for x, y in z:",
  "while True:",
  "try:",
  "except* (A, B) as error:",
  "finally:",
  "with open(x) as f, g() as h:",
  "match = 1",
  "match x:",
  "case [1, *_]:",
  "if a: b = 1",
  '"""Doc: string.\n  # no comment\n"""',
  "'text'",
  "r'raw\\'' 'two'",
  'f"{a:{b}} {{ {c!r}"',
  "pass",
  "return a",
  "import os",
  "from a import (\n    b,  # c\n    c,\n)",
  "from . import *  # all",
  "a = 1",
  "a, b = c = 1, 2",
  "a: int = 3  # three",
  "self.a = b[c] = d = x == y",
  "os.environ['A'] = f(x=1)",
  "a += 1",
  "x = a + \\\n  b",
  "y = lambda z=1: z",
  "y = {\n'a': 1,\n\n# inner\n'b': [2,\n3]}",
  "type X = int",
  "print(a, end='')",
  "b: str",
  "a.b: int = 4",
  "*a, b = c",
  "(a, b) = c",
  "# comment",
  "#: other   ",
  "",
  "   ",
];

const line = tuple(nat({ max: 3 }), constantFrom(...lines)).map(
  ([depth, text]) => "    ".repeat(depth) + text,
);

/** Texts of lines that occur in programs, at any depth; few of them are programs. */
export const anyLines: Arbitrary<string> = array(line, { maxLength: 9 }).map((all) => all.join("\n"));

type Step = readonly [deeper: number, text: string];

/** The same with blocks where they may stand, so that many are programs. */
export const likelyPrograms: Arbitrary<string> = array(tuple(nat({ max: 3 }), constantFrom(...lines)), {
  maxLength: 16,
}).map((steps) => written(steps));

/** A head is followed by a deeper line, a decorator by a definition; other lines stay or go out by some levels. */
function written(steps: readonly Step[]): string {
  const rows: string[] = [];
  let [depth, open, decorated] = [0, false, false];
  for (const [out, text] of steps) {
    const isCode = text.trim() !== "" && !text.startsWith("#");
    if (!isCode) rows.push("    ".repeat(out) + text);
    else if (decorated && !/^(?:@|def|async|class)/.test(text)) continue;
    else {
      depth = open ? depth + 1 : decorated ? depth : Math.max(0, depth - (out === 3 ? 1 : out === 2 ? 2 : 0));
      rows.push("    ".repeat(depth) + text);
      [open, decorated] = [/:(?: {2}#.*)?$/.test(text), text.startsWith("@")];
    }
  }
  if (decorated) rows.push(`${"    ".repeat(depth)}def last(): pass`);
  if (open) rows.push(`${"    ".repeat(depth + 1)}pass`);
  return `${rows.join("\n")}\n`;
}
