import type { Entry } from "../entry.ts";
import { fenced, lines } from "../reply.ts";

const both = ["shop/parcel.py", "shop/rates.py"];

/** Replies to the question for files. */
export const fileReplies: readonly Entry<readonly string[]>[] = [
  { name: "the format that was asked for", reply: fenced(lines(...both)), reading: both },
  {
    name: "prose around the block that ends in file names",
    reply: lines("I looked at setup.py", "and at shop/windows.py", fenced(lines(...both)), "not setup.py"),
    reading: both,
  },
  {
    name: "three spellings of one file",
    reply: fenced(lines("shop/parcel.py", "./shop/parcel.py", "`shop/parcel.py`", "shop/rates.py")),
    reading: both,
  },
  {
    name: "a draft while thinking",
    reply: `<think>\n${fenced("setup.py")}\n</think>\n${fenced(lines(...both))}`,
    reading: both,
  },
  {
    name: "a first list and a better one",
    reply: lines(fenced("setup.py"), "No:", fenced(lines(...both))),
    reading: both,
  },
  { name: "a fence that is never closed", reply: lines("```", ...both), reading: both },
  { name: "a fence with a tag", reply: fenced(lines(...both), "text"), reading: both },
  { name: "no fence, a file per line", reply: lines("Files:", ...both), reading: both },
  { name: "a numbered list", reply: lines("1. `shop/parcel.py`", "2. `shop/rates.py`"), reading: both },
  {
    name: "reasons behind the paths",
    reply: fenced(lines("shop/parcel.py: the price", "shop/rates.py - the zones")),
    reading: both,
  },
  { name: "line numbers behind a path", reply: fenced("shop/parcel.py:12\nshop/rates.py"), reading: both },
  { name: "file names alone", reply: fenced("parcel.py\nrates.py"), reading: both },
  {
    name: "the repository's name in front",
    reply: fenced("store/shop/parcel.py\nstore/shop/rates.py"),
    reading: both,
  },
  { name: "CRLF line ends", reply: fenced(lines(...both)).replaceAll("\n", "\r\n"), reading: both },
  {
    name: "a block of code behind the list",
    reply: lines(fenced(lines(...both)), fenced("return 6", "python")),
    reading: both,
  },
  {
    name: "files that are not there",
    reply: fenced("shop/price.py\nshop/parcel.py\n../../etc/passwd\nshop/rates.py\n/etc/shadow"),
    reading: both,
  },
  {
    name: "the tree as the prompt drew it",
    reply: fenced("shop/\n    parcel.py\n    rates.py"),
    reading: both,
  },
  { name: "nothing", reply: "", reading: [] },
  { name: "thinking that never ends", reply: `<think>\n${fenced("shop/parcel.py")}`, reading: [] },
  { name: "prose", reply: "The fault is in the parcel's price.", reading: [] },
  { name: "an empty block", reply: fenced(""), reading: [] },
];
