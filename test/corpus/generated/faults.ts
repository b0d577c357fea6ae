import type { RejectionReason } from "../../../src/domain/edit.ts";
import type { Chance } from "../../../src/eval/statistics/chance.ts";
import type { GoodEdit } from "./good-edits.ts";
import { written } from "./written-edits.ts";

/** Spoils one of the edits, `at`, so that nothing of the reply may count. */
export type Fault = {
  readonly name: string;
  readonly reading: RejectionReason;
  readonly finish?: "length";
  readonly write: (edits: readonly GoodEdit[], at: number, chance: Chance) => string;
};

/** Changes the lines of the edit `at`, marks included. */
const spoil =
  (change: (lines: readonly string[]) => readonly string[]): Fault["write"] =>
  (edits, at) =>
    written(edits, { lines: (lines, index) => (index === at ? change(lines) : lines) });

/** Writes another edit in the place of `at`. */
const swap =
  (change: (edit: GoodEdit, chance: Chance) => GoodEdit): Fault["write"] =>
  (edits, at, chance) =>
    written(edits.map((edit, index) => (index === at ? change(edit, chance) : edit)));

const without = (isMark: (line: string) => boolean) =>
  spoil((lines) => lines.filter((line) => !isMark(line)));

const renamed = (from: string, to: string) =>
  spoil((lines) => lines.map((line) => (line === from ? to : line)));

/** The reply up to somewhere in its last edit, both its first and its last mark excluded. */
const cutOff: Fault["write"] = (edits, _, chance) => {
  const whole = written(edits);
  const from = whole.lastIndexOf("<<<<<<< SEARCH\n") + "<<<<<<< SEARCH\n".length;
  return whole.slice(0, from + chance.below(whole.lastIndexOf(">>>>>>> REPLACE") - from));
};

export const faults: readonly Fault[] = [
  {
    name: "a REPLACE mark too few",
    reading: "malformed-edit",
    write: without((line) => line === ">>>>>>> REPLACE"),
  },
  { name: "a divider too few", reading: "malformed-edit", write: without((line) => line === "=======") },
  {
    name: "a SEARCH mark too few",
    reading: "malformed-edit",
    write: without((line) => line === "<<<<<<< SEARCH"),
  },
  {
    name: "a SEARCH mark with another word",
    reading: "malformed-edit",
    write: renamed("<<<<<<< SEARCH", "<<<<<<< HEAD"),
  },
  {
    name: "a REPLACE mark with another word",
    reading: "malformed-edit",
    write: renamed(">>>>>>> REPLACE", ">>>>>>> UPDATED"),
  },
  {
    name: "a divider too many",
    reading: "malformed-edit",
    write: spoil((lines) => lines.flatMap((line) => (line === "=======" ? [line, line] : [line]))),
  },
  {
    name: "no file named",
    reading: "malformed-edit",
    write: (edits) => written(edits, { head: () => "I change this file:" }),
  },
  { name: "an end in the middle", reading: "malformed-edit", write: cutOff },
  { name: "the token limit in the middle", reading: "truncated", finish: "length", write: cutOff },
  {
    name: "the token limit behind the last edit",
    reading: "truncated",
    finish: "length",
    write: (edits) => `${written(edits)}\nThe`,
  },
  {
    name: "thinking that never ends",
    reading: "no-answer",
    write: (edits) => `<think>\n${written(edits)}`,
  },
  {
    name: "a wrong character in a quoted line",
    reading: "search-not-found",
    write: swap((edit, chance) => {
      const spoilt = chance.below(edit.search.length);
      return { ...edit, search: edit.search.map((line, index) => (index === spoilt ? `${line}§` : line)) };
    }),
  },
  {
    name: "a quoted line left out",
    reading: "search-not-found",
    write: swap((edit) => ({ ...edit, search: ["NOWHERE = 0", ...edit.search] })),
  },
  {
    name: "a line that occurs twice",
    reading: "search-ambiguous",
    write: swap((edit) => ({ ...edit, path: "shop/twice.py", search: ["LIGHT = 1"] })),
  },
  {
    name: "a file that is not there",
    reading: "unknown-file",
    write: swap((edit) => ({ ...edit, path: `other/${edit.path}` })),
  },
  {
    name: "a path out of the repository",
    reading: "unsafe-path",
    write: swap((edit, chance) => {
      const paths = ["../", "/", "shop/../../", ".git/", "shop//", "C:/", "-", "shop/./"];
      return { ...edit, path: `${paths[chance.below(paths.length)] ?? ""}${edit.path}` };
    }),
  },
  {
    name: "a SEARCH side left empty",
    reading: "malformed-edit",
    write: swap((edit) => ({ ...edit, search: [] })),
  },
];

/** Nothing is changed when every edit writes what is there. */
export const idle: Fault = {
  name: "the same on both sides",
  reading: "no-change",
  write: (edits) => written(edits.map((edit) => ({ ...edit, replace: edit.search }))),
};
