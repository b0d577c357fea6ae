import type { EditReading, Entry } from "../entry.ts";
import { block, edit, fenced, lines, usual, usualEdit, usualReading } from "../reply.ts";

const { path, search, replace } = usual;
const draft = block(path, edit(search, "            return 7"));
const final = block(path, usualEdit);
const otherFile = block("setup.py", edit("VERSION = 1", "VERSION = 2"));

/** Replies that hold no answer, several, or one that is no SEARCH/REPLACE edit. */
export const editAnswers: readonly Entry<EditReading>[] = [
  {
    name: "a draft while thinking, then the final edit",
    reply: `<think>\nMaybe\n${draft}\nNo.\n</think>\n\n${final}`,
    reading: usualReading,
  },
  {
    name: "a draft while thinking and nothing after it",
    reply: `<think>\n${draft}\n</think>\n`,
    reading: "no-answer",
  },
  { name: "thinking that never ends", reply: `<think>\n${final}`, reading: "no-answer" },
  {
    name: "thinking that the chat template began",
    reply: `so ${draft}\n</think>\n${final}`,
    reading: usualReading,
  },
  {
    name: "a draft in the answer, then a better one",
    reply: lines(draft, "Wait, that is too much.", final),
    reading: usualReading,
  },
  {
    name: "a draft of two files, then one of them again",
    reply: lines(draft, otherFile, "On reflection the version stays.", final),
    reading: usualReading,
  },
  {
    name: "a broken draft, then a whole answer",
    reply: lines(`<<< MODIFIED FILE: ${path} >>>`, "<<<<<<< SEARCH", search, "=======", "Hm, again:", final),
    reading: usualReading,
  },
  {
    name: "a final edit that quotes more of the same place",
    reply: lines(
      draft,
      "Better:",
      block(
        path,
        edit(
          `        if self.kilograms < 1:\n${search}`,
          "        if self.kilograms <= 1:\n            return 6",
        ),
      ),
    ),
    reading: [
      [
        path,
        `        if self.kilograms < 1:\n${search}`,
        "        if self.kilograms <= 1:\n            return 6",
      ],
    ],
  },
  { name: "a loop of the same answer", reply: lines(final, final, final), reading: usualReading },
  {
    name: "two files, prose between",
    reply: lines("First:", final, "Second:", otherFile),
    reading: [...usualReading, ["setup.py", "VERSION = 1", "VERSION = 2"]],
  },
  { name: "nothing", reply: "", reading: "no-answer" },
  { name: "blanks", reply: " \n\t\n", reading: "no-answer" },
  {
    name: "prose",
    reply: "The price of light parcels is wrong. I would return 6.",
    reading: "no-answer",
  },
  {
    name: "a refusal",
    reply: "I'm sorry, but I can't help with that.",
    reading: "no-answer",
  },
  {
    name: "an answer that the token limit cut off",
    reply: final.slice(0, -40),
    finish: "length",
    reading: "truncated",
  },
  {
    name: "a whole answer, and the token limit in what follows",
    reply: `${final}\n\nIn addition, `,
    finish: "length",
    reading: "truncated",
  },
  {
    name: "a diff as of git",
    reply: fenced(
      lines(`--- a/${path}`, `+++ b/${path}`, "@@ -13 +13 @@", `-${search}`, `+${replace}`),
      "diff",
    ),
    reading: "no-answer",
  },
  {
    name: "the format of another tool",
    reply: lines("*** Begin Patch", `*** Update File: ${path}`, `-${search}`, `+${replace}`, "*** End Patch"),
    reading: "no-answer",
  },
  {
    name: "JSON",
    reply: fenced(JSON.stringify({ file: path, old: search, new: replace }), "json"),
    reading: "no-answer",
  },
  {
    name: "a tool call",
    reply: `<tool_call>\n{"name": "edit", "arguments": {"path": "${path}"}}\n</tool_call>`,
    reading: "no-answer",
  },
  {
    name: "the whole file anew",
    reply: fenced("import math\n\n\nclass Parcel:\n    pass", "python"),
    reading: "no-answer",
  },
  { name: "two million characters", reply: "word ".repeat(400_000), reading: "too-large" },
  {
    name: "a thousand edits",
    reply: lines(
      ...Array.from({ length: 1000 }, (_, index) => block("setup.py", edit(`A = ${index}`, "B = 1"))),
    ),
    reading: "too-large",
  },
];
