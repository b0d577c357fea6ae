import type { EditReading, Entry } from "../entry.ts";
import { block, edit, lines, usual, usualEdit, usualReading } from "../reply.ts";

const { path, search, replace } = usual;
const at = (search: string, replace: string): string => block(path, edit(search, replace));

/** Replies whose SEARCH text is not quite, not once or not at all in its file. */
export const editPlaces: readonly Entry<EditReading>[] = [
  { name: "blanks behind a quoted line", reply: at(`${search}   `, replace), reading: usualReading },
  {
    name: "quoted lines at the left margin",
    reply: at("if self.kilograms < 1:\n    return 5", "if self.kilograms < 2:\n    return 5"),
    reading: [[path, "self.kilograms < 1", "self.kilograms < 2"]],
  },
  {
    name: "quoted lines with too much indent",
    reply: at(`    ${search}`, `    ${replace}`),
    reading: usualReading,
  },
  {
    name: "a replacement at another indent than the lines it replaces",
    reply: at("return 5", "total = 6\nreturn total"),
    reading: [[path, search, "            total = 6\n            return total"]],
  },
  {
    name: "a line that occurs twice",
    reply: at("        return self.kilograms", "        return 1"),
    reading: "search-ambiguous",
  },
  {
    name: "a line that occurs twice at different indents",
    reply: block("shop/tabs.py", edit("return", "yield")),
    reading: "search-not-found",
  },
  {
    name: "a repeated line, with the line above to tell it apart",
    reply: at(
      "    def weight(self):\n        return self.kilograms",
      "    def weight(self):\n        return float(self.kilograms)",
    ),
    reading: [
      [
        path,
        "weight(self):\n        return self.kilograms",
        "weight(self):\n        return float(self.kilograms)",
      ],
    ],
  },
  {
    name: "the right lines at another nesting than the file's",
    reply: at("if self.kilograms < 1:\nreturn 5\nreturn math.ceil(self.kilograms) * 4", "return 5"),
    reading: "search-not-found",
  },
  {
    name: "a decorator quoted at a wrong indent",
    reply: at("@property\n    def heavy(self):", "@cached\n    def heavy(self):"),
    reading: "search-not-found",
  },
  {
    name: "numbers of lines, as in the prompt that locates",
    reply: at(`13: ${search}`, replace),
    reading: "search-not-found",
  },
  { name: "one wrong character", reply: at("            return S", replace), reading: "search-not-found" },
  { name: "half a line", reply: at("            return", replace), reading: "search-not-found" },
  {
    name: "an ellipsis for lines left out",
    reply: at(`    def price(self):\n        ...\n${search}`, replace),
    reading: "search-not-found",
  },
  { name: "a blank line that is not there", reply: at(`\n${search}`, replace), reading: "search-not-found" },
  {
    name: "blanks for tabs",
    reply: block("shop/tabs.py", edit("    if x:\n        return 1", "    if x:\n        return 3")),
    reading: "search-not-found",
  },
  {
    name: "a no-break space in the quoted line",
    reply: at("            return\u00a05", replace),
    reading: "search-not-found",
  },
  {
    name: "two edits of which one is not found",
    reply: block(path, usualEdit, edit("    def volume(self):", "    def size(self):")),
    reading: "search-not-found",
  },
  {
    name: "an edit of what an earlier one wrote",
    reply: block(path, usualEdit, edit("            return 6", "            return 8")),
    reading: [[path, search, "            return 8"]],
  },
  {
    name: "an edit of what an earlier one removed",
    reply: block(path, edit("    @property", ""), edit("    @property", "    @cached")),
    reading: "search-not-found",
  },
  { name: "the same text on both sides", reply: at(search, search), reading: "no-change" },
  {
    name: "an edit of the last line of a file without a newline there",
    reply: block("shop/bare.py", edit("last = 2", "last = 3")),
    reading: [["shop/bare.py", "last = 2", "last = 3"]],
  },
  {
    name: "lines after the last one of a file without a newline there",
    reply: block("shop/bare.py", edit("last = 2", "last = 2\nend = 3")),
    reading: [["shop/bare.py", "last = 2", "last = 2\nend = 3"]],
  },
  {
    name: "an edit of a file with CRLF",
    reply: block("shop/windows.py", edit("B = 2", "B = 2\nB2 = 2")),
    reading: [["shop/windows.py", "B = 2\r\n", "B = 2\r\nB2 = 2\r\n"]],
  },
  {
    name: "a reply with CRLF for a file with plain line ends",
    reply: lines(block(path, usualEdit)).replaceAll("\n", "\r\n"),
    reading: usualReading,
  },
];
