import type { Chance } from "../../../src/eval/statistics/chance.ts";
import type { GoodEdit } from "./good-edits.ts";
import { written } from "./written-edits.ts";

/** Writes edits in an odd way that leaves no doubt what is meant. */
export type Spelling = readonly [name: string, write: (edits: readonly GoodEdit[], chance: Chance) => string];

const oneOf = <T>(chance: Chance, first: T, ...others: readonly T[]): T =>
  [first, ...others][chance.below(others.length + 1)] ?? first;

const outdented = (edit: GoodEdit): GoodEdit => {
  const all = [...edit.search, ...edit.replace].filter((line) => line.trim() !== "");
  const depth = Math.min(...all.map((line) => line.length - line.trimStart().length));
  const cut = (lines: readonly string[]) => lines.map((line) => line.slice(depth));
  return { ...edit, search: cut(edit.search), replace: cut(edit.replace) };
};

const wrong = (edits: readonly GoodEdit[]): readonly GoodEdit[] =>
  edits.map((edit) => ({ ...edit, replace: ["DRAFT = 1"] }));

const unclosed = (edits: readonly GoodEdit[]): string =>
  written(edits, { lines: (lines) => lines.slice(0, -1) });

/** All of these mean the same edits as the format that was asked for. */
export const oddSpellings: readonly Spelling[] = [
  [
    "marks of any width",
    (edits, chance) => {
      const width = () => 5 + chance.below(5);
      return written(edits, { widths: () => [width(), width(), width()] });
    },
  ],
  ["no END marks", (edits) => written(edits, { tail: null })],
  [
    "other fences",
    (edits, chance) => {
      const fence = oneOf(
        chance,
        null,
        ["~~~", "~~~"],
        ["````py", "````"],
        ["```diff", "```"],
        ["```python", "..."],
      );
      return written(edits, { fence: fence === null ? null : [fence[0] ?? "", fence[1] ?? ""] });
    },
  ],
  [
    "paths in quotes",
    (edits, chance) => {
      const quote = oneOf(chance, "`", '"', "'", "**");
      return written(edits, { path: (path) => quote + path + quote });
    },
  ],
  [
    "paths with something in front",
    (edits, chance) => {
      const front = oneOf(chance, "./", "a/", "b/", "././");
      return written(edits, { path: (path) => front + path });
    },
  ],
  ["CRLF line ends", (edits) => written(edits).replaceAll("\n", "\r\n")],
  [
    "all of it indented",
    (edits, chance) => written(edits).replaceAll(/^(?=.)/gm, " ".repeat(1 + chance.below(8))),
  ],
  [
    "headings for the files",
    (edits, chance) => {
      const hashes = "#".repeat(1 + chance.below(6));
      return written(edits, { head: (path) => `${hashes} ${path}`, tail: null });
    },
  ],
  [
    "file marks of any width",
    (edits, chance) => {
      const width = 3 + chance.below(6);
      const head = (path: string) => `${"<".repeat(width)} MODIFIED FILE: ${path} ${">".repeat(width)}`;
      return written(edits, { head });
    },
  ],
  [
    "marks in other letters",
    (edits, chance) =>
      written(edits, {
        search: oneOf(chance, "SEARCH", " search", "  Search  "),
        replace: oneOf(chance, "REPLACE", " replace", "\tReplace "),
      }),
  ],
  ["another order", (edits) => written(edits.toReversed())],
  ["comments above the edits", (edits) => written(edits, { above: "# the fix" })],
  ["prose above the edits", (edits) => written(edits, { above: "Here I correct the rule:" })],
  [
    "prose around everything",
    (edits) => `The fault is clear.\n\n${written(edits)}\n\nWith this, all cases are right.`,
  ],
  ["a draft while thinking", (edits) => `<think>\n${written(wrong(edits))}\n</think>\n\n${written(edits)}`],
  [
    "a draft before it",
    (edits) => `${written(wrong(edits))}\nThat loses the value. Rather:\n${written(edits)}`,
  ],
  ["a broken draft before it", (edits) => `${unclosed(edits)}\nOnce more, whole:\n${written(edits)}`],
  ["a loop", (edits, chance) => Array.from({ length: 2 + chance.below(3) }, () => written(edits)).join("\n")],
  [
    "blanks behind what is quoted",
    (edits, chance) =>
      written(
        edits.map((edit) => ({
          ...edit,
          search: edit.search.map((line) => line + oneOf(chance, "", " ", "\t", "   ")),
        })),
      ),
  ],
  ["everything at the left margin", (edits) => written(edits.map(outdented))],
];
