import { expect, test } from "vitest";
import { changedBy } from "../../src/domain/changed-places.ts";

const path = "a.py";
const half = (line: string): string => `def f(a):\n    if a:\n        ${line}\n    else:\n        `;
const faulty = "return max(a.values()) >= least";
const fixed = "return sum(a.values()) >= least";
const before = `${half(faulty)}${faulty}\n`;
const change = (after: string | null, from: string | null = before) =>
  changedBy([{ path, before: from, after }]);

test("names the lines of the base that a patch takes away, and those before which it only adds", () => {
  const after = `import b\n${half(fixed)}${fixed}\n`;

  expect([...change(after).places]).toEqual(["a.py:1+", "a.py:3", "a.py:5"]);
});

test("knows a new file and a deleted one", () => {
  expect([...change("x = 1\n", null).places]).toEqual(["a.py:1+"]);
  expect([...change(null, "x = 1\ny = 2\n").places]).toEqual(["a.py:1", "a.py:2"]);
});

test.each([
  ["one of two equal lines", `${half(fixed)}${faulty}\n`, true],
  ["both of them", `${half(fixed)}${fixed}\n`, false],
  ["a line that it only moves further in", `${half(`if b:\n            ${faulty}`)}${faulty}\n`, false],
  ["one of two short lines", before.replace("if a:", "if b:"), false],
])("a patch of %s leaves a twin: %s", (_, after, leaves) => {
  const twins = leaves ? [{ path, line: 5, text: faulty }] : [];
  expect(change(after).twins).toEqual(twins);
});

test("a short line that stands elsewhere too is no twin", () => {
  expect(change("a = 1\nreturn None\n", "return None\nreturn None\n").twins).toEqual([]);
});
