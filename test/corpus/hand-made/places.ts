import type { Entry, Place } from "../entry.ts";
import { fenced, lines } from "../reply.ts";

const parcel = "shop/parcel.py";
const rates = "shop/rates.py";
const line = (path: string, first: number, last = first): Place => [path, { first, last }];
const asked = (name: string, text: string, ...reading: readonly Place[]): Entry<readonly Place[]> => ({
  name,
  reply: fenced(lines(parcel, text)),
  reading,
});

/** Replies to the question for lines, of a prompt with the two files. */
export const placeReplies: readonly Entry<readonly Place[]>[] = [
  {
    name: "the format that was asked for",
    reply: fenced(lines(parcel, "class: Parcel", "function: Parcel.price", "line: 13", "", rates, "line: 9")),
    reading: [[parcel, "class Parcel"], [parcel, "function Parcel.price"], line(parcel, 13), line(rates, 9)],
  },
  asked("a range", "line: 12-15", line(parcel, 12, 15)),
  asked("a range backwards", "line: 15-12", line(parcel, 12, 15)),
  asked("a range in words", "lines: 12 to 15", line(parcel, 12, 15)),
  asked("two lines", "line: 12, 15", line(parcel, 12), line(parcel, 15)),
  asked("no blank behind the colon", "function:price", [parcel, "function price"]),
  asked("a method", "method: Parcel.price", [parcel, "function Parcel.price"]),
  asked("arguments", "function: price(self)", [parcel, "function price"]),
  asked("an async function", "function: async def load(path)", [parcel, "function load"]),
  asked("a list item", "- line: 13", line(parcel, 13)),
  asked("indented lines", "    line: 13", line(parcel, 13)),
  asked("bold keys", "**line**: 13", line(parcel, 13)),
  asked("capital keys", "Line: 13", line(parcel, 13)),
  asked("a comment behind the line", "line: 13 (the constant)", line(parcel, 13)),
  asked(
    "one name that begins like another",
    "function: rate\nfunction: rate_all",
    [parcel, "function rate"],
    [parcel, "function rate_all"],
  ),
  asked("line zero", "line: 0"),
  asked("no number", "line: the last one"),
  {
    name: "a heading as in the prompt",
    reply: fenced(lines(`### File: ${parcel} ###`, "line: 13")),
    reading: [line(parcel, 13)],
  },
  { name: "a path with ./", reply: fenced(lines(`./${parcel}`, "line: 13")), reading: [line(parcel, 13)] },
  { name: "a file's name alone", reply: fenced("parcel.py\nline: 13"), reading: [line(parcel, 13)] },
  {
    name: "a draft while thinking",
    reply: `<think>\n${fenced(lines(rates, "line: 1"))}\n</think>\n${fenced(lines(parcel, "line: 13"))}`,
    reading: [line(parcel, 13)],
  },
  {
    name: "a draft, then a better answer",
    reply: lines(fenced(lines(rates, "line: 1")), "Rather:", fenced(lines(parcel, "line: 13"))),
    reading: [line(parcel, 13)],
  },
  { name: "no fence", reply: lines(parcel, "line: 13"), reading: [line(parcel, 13)] },
  {
    name: "a fence that is never closed",
    reply: lines("```", parcel, "line: 13"),
    reading: [line(parcel, 13)],
  },
  {
    name: "one block per file",
    reply: lines(fenced(lines(parcel, "line: 13")), fenced(lines(rates, "line: 9"))),
    reading: [line(parcel, 13), line(rates, 9)],
  },
  {
    name: "one block per file, each below its path",
    reply: lines(
      "Edit these:",
      "",
      `### ${parcel}`,
      fenced("line: 13"),
      "",
      `**${rates}**`,
      fenced("line: 9"),
    ),
    reading: [line(parcel, 13), line(rates, 9)],
  },
  {
    name: "a loop of blocks",
    reply: lines(...[parcel, rates, parcel, rates].map((path) => fenced(lines(path, "line: 9")))),
    reading: [line(parcel, 9), line(rates, 9)],
  },
  {
    name: "line numbers behind the path",
    reply: fenced(lines(`${parcel}:12-13`, "line: 13")),
    reading: [line(parcel, 13)],
  },
  {
    name: "a file that was not shown",
    reply: fenced(lines("setup.py", "line: 1", parcel, "line: 13")),
    reading: [line(parcel, 13)],
  },
  { name: "no file at all", reply: fenced("line: 13"), reading: [] },
  { name: "nothing", reply: "", reading: [] },
  { name: "prose", reply: "See line 13 of the parcel.", reading: [] },
];
