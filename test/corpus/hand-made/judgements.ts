import type { Conclusion, Entry, Verdict } from "../entry.ts";

const reasons = "<reasoning>\nThe output shows 6.\n</reasoning>\n";
const says = (reading: Verdict, name: string, reply: string): Entry<Verdict> => ({ name, reply, reading });

/** Replies of judges. */
export const judgementReplies: readonly Entry<Verdict>[] = [
  says("yes", "the format that was asked for", `${reasons}<judgement>\nYes\n</judgement>`),
  says(
    "no",
    "a rehearsed Yes while thinking",
    "<think>\n<judgement>Yes</judgement>?\n</think>\n<judgement>No</judgement>",
  ),
  says(
    "no",
    "a first judgement taken back",
    "<judgement>Yes</judgement> No, wait: <judgement>No</judgement>",
  ),
  says("unparsable", "the word yesterday", "<judgement>It worked yesterday</judgement>"),
  says("unparsable", "the word nothing", "<judgement>nothing changed</judgement>"),
  says("yes", "bold words", "<judgement>**Yes**</judgement>"),
  says("yes", "underlined words", "<judgement>__Yes__</judgement>"),
  says("no", "a quoted word", "<judgement>'No'</judgement>"),
  says("yes", "capital letters", "<JUDGEMENT>YES</JUDGEMENT>"),
  says("no", "American spelling", "<judgment>No</judgment>"),
  says("no", "a word with a reason that holds the other one", "<judgement>No. Yes would need 6.</judgement>"),
  says("yes", "a sentence", "<judgement>The answer is yes.</judgement>"),
  says("yes", "a tag that is never closed", `${reasons}<judgement>Yes`),
  says("unparsable", "both words", "<judgement>maybe yes, maybe no</judgement>"),
  says("unparsable", "the choice instead of a word", "<judgement>Yes or No</judgement>"),
  says("unparsable", "the choice with a stroke", "<judgement>[Yes/No]</judgement>"),
  says("unparsable", "no tag", `${reasons}Yes`),
  says("unparsable", "an empty tag", "<judgement> </judgement>"),
  says("unparsable", "a tag that rambles", `<judgement>${"on the one hand ".repeat(40)}yes</judgement>`),
  says("unparsable", "nothing", ""),
  says("unparsable", "thinking that never ends", "<think>\n<judgement>Yes</judgement>"),
  { name: "the token limit", reply: "<judgement>Yes", finish: "length", reading: "unparsable" },
];

const finds = (reading: Conclusion, name: string, reply: string): Entry<Conclusion> => ({
  name,
  reply,
  reading,
});

/** Replies of reviews. */
export const reviewReplies: readonly Entry<Conclusion>[] = [
  finds("wrong", "the format that was asked for", "It misses zone 2.\nConclusion: Wrong"),
  finds("right", "no conclusion", "The patch is fine."),
  finds("right", "a conclusion taken back", "Conclusion: Wrong\nBut zone 2 is the same.\nConclusion: Right"),
  finds("wrong", "a draft while thinking", "<think>Conclusion: Right</think>\nConclusion: Wrong"),
  finds("wrong", "bold words", "**Conclusion:** **Wrong**"),
  finds("wrong", "a heading", "### Conclusion: wrong."),
  finds("right", "another word that begins alike", "Conclusion: wrongdoing is excluded"),
  finds("right", "nothing", ""),
];
