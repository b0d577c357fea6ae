import { expect, test } from "vitest";
import { loadLanguages } from "../../src/languages/detect.ts";
import { codeSegments, mergeRanges } from "../../src/pipeline/code-segments.ts";
import { resolveLocations } from "../../src/pipeline/localize.ts";
import { packFiles } from "../../src/pipeline/numbered-files.ts";

const [python] = await loadLanguages();
if (python === undefined) throw new Error("no language was loaded");

const body = (name: string, lines: number): string =>
  `def ${name}():\n${Array.from({ length: lines }, (_, i) => `    x${i} = ${i}\n`).join("")}\n`;
const text = `import os\n\n\n${body("first", 40)}${body("second", 40)}${body("third", 40)}`;
const file = { path: "pkg/long.py", text };

test("files that fit share one prompt, numbered from 1", () => {
  const packs = packFiles(
    [
      { path: "a.py", text: "x = 1\n" },
      { path: "b.py", text: "y = 2\n" },
    ],
    10_000,
    python,
  );

  expect(packs).toHaveLength(1);
  expect(packs[0]).toContain("### File: a.py ###\n```python\n1: x = 1\n```");
});

test("a file over the budget is cut where definitions begin and keeps its line numbers", () => {
  const packs = packFiles([file], 1_500, python);
  const numbers = packs.join("\n").match(/^\d+: /gm) ?? [];

  expect(packs.length).toBeGreaterThan(1);
  expect(packs.every((pack) => pack.length <= 1_500)).toBe(true);
  expect(new Set(numbers).size).toBe(text.split("\n").length - 1);
});

test("a segment grows to its whole function when that is little more, and brings the imports", () => {
  const location = { path: file.path, range: { first: 20, last: 20 }, votes: 1 };

  const segments = codeSegments([file], [location], python, 100_000);

  expect(segments).toContain("import os");
  expect(segments).toContain("def first():");
  expect(segments).not.toContain("def third():");
});

test("two distant hits do not send everything between them", () => {
  const at = (line: number) => ({ path: file.path, range: { first: line, last: line }, votes: 1 });

  const segments = codeSegments([file], [at(10), at(120)], python, 100_000);

  expect(segments).not.toContain("x30 = 30\n\ndef third");
  expect(segments.match(/>>> FILE pkg\/long.py/g)?.length).toBeGreaterThan(1);
});

test("overlapping and adjacent ranges are joined", () => {
  const ranges = [
    { first: 9, last: 12 },
    { first: 1, last: 4 },
    { first: 5, last: 6 },
  ];

  expect(mergeRanges(ranges)).toEqual([
    { first: 1, last: 6 },
    { first: 9, last: 12 },
  ]);
});

test.each([
  [{ kind: "function", name: "second" } as const, 46],
  [{ kind: "line", range: { first: 7, last: 7 } } as const, 7],
  [{ kind: "line", range: { first: 900, last: 900 } } as const, undefined],
  [{ kind: "function", name: "unknown" } as const, undefined],
])("%j resolves to line %s", (named, first) => {
  const ranges = resolveLocations({ path: file.path, ...named }, python.structure(text));

  expect(ranges.map((range) => range.first)).toEqual(first === undefined ? [] : [first]);
});
