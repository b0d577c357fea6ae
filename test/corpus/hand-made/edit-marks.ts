import type { EditReading, Entry } from "../entry.ts";
import { block, edit, lines, usual, usualEdit, usualReading } from "../reply.ts";

const { path, search, replace } = usual;
const opened = `<<< MODIFIED FILE: ${path} >>>`;
const closed = "<<< END MODIFIED FILE >>>";

/** Replies whose marks, fences and sides are not written as the prompt asks. */
export const editMarks: readonly Entry<EditReading>[] = [
  { name: "the format that was asked for", reply: block(path, usualEdit), reading: usualReading },
  {
    name: "the prompt's own example: 7, 7, 7 marks, a fence that is never closed",
    reply: lines(opened, "```python", usualEdit, closed, "..."),
    reading: usualReading,
  },
  {
    name: "the paper's listing: 6, 5, 6 marks",
    reply: lines(opened, "<<<<<< SEARCH", search, "=====", replace, ">>>>>> REPLACE", closed),
    reading: usualReading,
  },
  { name: "no END mark", reply: lines(opened, usualEdit), reading: usualReading },
  { name: "no END mark and text after it", reply: lines(opened, usualEdit, "Done."), reading: usualReading },
  {
    name: "no END mark between two files",
    reply: lines(
      opened,
      usualEdit,
      "<<< MODIFIED FILE: setup.py >>>",
      edit("VERSION = 1", "VERSION = 2"),
      closed,
    ),
    reading: [...usualReading, ["setup.py", "VERSION = 1", "VERSION = 2"]],
  },
  {
    name: "an empty replacement alone is a deletion",
    reply: block(path, edit("    @property", "")),
    reading: [[path, "    @property\n", ""]],
  },
  {
    name: "an empty replacement leaves the next edit alone",
    reply: block(path, edit("    @property", ""), usualEdit),
    reading: [...usualReading, [path, "    @property\n", ""]],
  },
  {
    name: "a replacement of one blank line",
    reply: block(path, lines("<<<<<<< SEARCH", "    @property", "=======", "", ">>>>>>> REPLACE")),
    reading: [[path, "    @property\n", "\n"]],
  },
  {
    name: "marks in small letters",
    reply: block(path, lines("<<<<<<< search", search, "=======", replace, ">>>>>>> replace")),
    reading: usualReading,
  },
  {
    name: "marks without blanks",
    reply: block(path, lines("<<<<<<<SEARCH", search, "=======", replace, ">>>>>>>REPLACE")),
    reading: usualReading,
  },
  {
    name: "marks with blanks behind them",
    reply: block(path, lines("<<<<<<< SEARCH  ", search, "=======\t", replace, ">>>>>>> REPLACE ")),
    reading: usualReading,
  },
  {
    name: "an answer that is a list item, all of it indented",
    reply: `1. The limit is wrong:\n${block(path, usualEdit).replace(/^/gm, "   ")}`,
    reading: usualReading,
  },
  {
    name: "CRLF line ends",
    reply: block(path, usualEdit).replaceAll("\n", "\r\n"),
    reading: usualReading,
  },
  {
    name: "a fence around the whole answer",
    reply: lines("````", opened, usualEdit, closed, "````"),
    reading: usualReading,
  },
  {
    name: "prose between the file's mark and its edit",
    reply: lines(opened, "I raise the price:", usualEdit, closed),
    reading: usualReading,
  },
  {
    name: "a heading instead of the file's mark",
    reply: lines(`### ${path}`, "```python", usualEdit, "```"),
    reading: usualReading,
  },
  {
    name: "a heading with `File:` in bold",
    reply: lines(`## **File: \`${path}\`**`, usualEdit),
    reading: usualReading,
  },
  {
    name: "a comment above the edit, inside the file's block",
    reply: lines(opened, "```python", "# raise the price", usualEdit, "```", closed),
    reading: usualReading,
  },
  {
    name: "a heading of reStructuredText that looks like a divider",
    reply: block("docs/index.rst", edit("Rates\n=======\n\nOld rates.", "Rates\n=======\n\nNew rates.")),
    reading: [["docs/index.rst", "Old rates.", "New rates."]],
  },
  {
    name: "a heading of reStructuredText and marks of another width",
    reply: block("docs/index.rst", edit("Rates\n=======\n\nOld rates.", "New rates.", 9)),
    reading: [["docs/index.rst", "Rates\n=======\n\nOld rates.", "New rates."]],
  },
  {
    name: "a divider too many",
    reply: block(path, lines("<<<<<<< SEARCH", search, "=======", "=======", replace, ">>>>>>> REPLACE")),
    reading: "malformed-edit",
  },
  {
    name: "no divider",
    reply: block(path, lines("<<<<<<< SEARCH", search, ">>>>>>> REPLACE")),
    reading: "malformed-edit",
  },
  {
    name: "no REPLACE mark before the next edit",
    reply: block(
      path,
      lines("<<<<<<< SEARCH", search, "=======", replace),
      edit("    @property", "    @cached"),
    ),
    reading: "malformed-edit",
  },
  {
    name: "no REPLACE mark before the END mark",
    reply: lines(opened, "<<<<<<< SEARCH", search, "=======", replace, closed),
    reading: "malformed-edit",
  },
  {
    name: "nothing behind the SEARCH mark",
    reply: lines(opened, "<<<<<<< SEARCH"),
    reading: "malformed-edit",
  },
  {
    name: "a broken edit behind a good one",
    reply: lines(block(path, usualEdit), "<<< MODIFIED FILE: setup.py >>>", "<<<<<<< SEARCH", "VERSION = 1"),
    reading: "malformed-edit",
  },
  { name: "no file named", reply: usualEdit, reading: "malformed-edit" },
  {
    name: "no file named for the edit behind the END mark",
    reply: lines(block(path, usualEdit), edit("VERSION = 1", "VERSION = 2")),
    reading: "malformed-edit",
  },
  {
    name: "fences inside both sides",
    reply: block(path, edit(`\`\`\`python\n${search}\n\`\`\``, `\`\`\`python\n${replace}\n\`\`\``)),
    reading: "search-not-found",
  },
  {
    name: "git's conflict marks with other words",
    reply: lines(opened, "<<<<<<< HEAD", search, "=======", replace, ">>>>>>> fix", closed),
    reading: "malformed-edit",
  },
  {
    name: "an edit in git's conflict marks beside a good one",
    reply: lines(
      block("setup.py", edit("VERSION = 1", "VERSION = 2")),
      opened,
      "<<<<<<< HEAD",
      search,
      "=======",
      replace,
      ">>>>>>> fix",
      closed,
    ),
    reading: "malformed-edit",
  },
  {
    name: "no SEARCH mark",
    reply: lines(opened, search, "=======", replace, ">>>>>>> REPLACE", closed),
    reading: "malformed-edit",
  },
  {
    name: "no REPLACE mark, and another edit of the same file",
    reply: lines(
      opened,
      "<<<<<<< SEARCH",
      search,
      "=======",
      replace,
      closed,
      "and",
      block(path, edit("    @property", "    @cached")),
    ),
    reading: "malformed-edit",
  },
  {
    name: "a REPLACE mark twice",
    reply: lines(opened, usualEdit, ">>>>>>> REPLACE", closed),
    reading: usualReading,
  },
  {
    name: "brackets as entities of HTML",
    reply: block(path, usualEdit).replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
    reading: "no-answer",
  },
  {
    name: "marks of four brackets",
    reply: lines(opened, "<<<< SEARCH", search, "====", replace, ">>>> REPLACE", closed),
    reading: "no-answer",
  },
  { name: "a file's mark without edits", reply: lines(opened, closed), reading: "no-answer" },
];
