import { seededChance, type Chance } from "../../../src/eval/statistics/chance.ts";
import type { Entry, Verdict } from "../entry.ts";

const rounds = 3;

/** Writes a verdict oddly; `other` is the opposite one. */
type Form = readonly [name: string, write: (word: string, other: string, chance: Chance) => string];

const tagged = (text: string): string => `<judgement>${text}</judgement>`;

const clear: readonly Form[] = [
  ["blanks inside the tag", (word, _, chance) => tagged(`${"\n ".repeat(1 + chance.below(4))}${word}\n`)],
  [
    "emphasis",
    (word, _, chance) => {
      const mark = ["**", "*", "`", '"', "__", "'"][chance.below(6)] ?? "";
      return tagged(mark + word + mark);
    },
  ],
  ["a full stop", (word) => tagged(`${word}.`)],
  ["capital letters", (word) => tagged(word.toUpperCase())],
  ["small letters", (word) => tagged(word.toLowerCase())],
  ["a tag in capital letters", (word) => `<JUDGEMENT>${word}</JUDGEMENT>`],
  ["American spelling", (word) => `<judgment>${word}</judgment>`],
  ["a tag that is never closed", (word) => `<judgement> ${word}`],
  ["a tag that is closed as another", (word) => `<judgement>${word}</judgment>`],
  ["a reason inside the tag", (word, other) => tagged(`${word}, although some would say ${other}`)],
  ["a sentence", (word) => tagged(`My judgement is: ${word}`)],
  ["the opposite while thinking", (word, other) => `<think>\n${tagged(other)}?\n</think>\n${tagged(word)}`],
  ["the opposite taken back", (word, other) => `${tagged(other)} But the last line differs. ${tagged(word)}`],
  [
    "an explanation below it",
    (word, other) => `${tagged(word)}\n<explanation>${other} is wrong</explanation>`,
  ],
  ["CRLF line ends", (word) => `<reasoning>\r\nso\r\n</reasoning>\r\n<judgement>\r\n${word}\r\n</judgement>`],
];

const unclear: readonly Form[] = [
  ["no tag", (word) => `The answer is ${word}.`],
  ["the word in the reasoning only", (word) => `<reasoning>${word}</reasoning>`],
  ["thinking that never ends", (word) => `<think>\n${tagged(word)}`],
  ["both words in a sentence", (word, other) => tagged(`neither ${word} nor ${other}`)],
  ["a longer word that begins alike", (word) => tagged(`${word}terday`)],
  ["a question", () => tagged("?")],
  ["a ramble", (word) => tagged(`${"it depends, and ".repeat(40)}${word}`)],
];

export const generatedJudgementReplies: readonly Entry<Verdict>[] = Array.from(
  { length: rounds },
  (_, round) =>
    [...clear, ...unclear].map((form, index): Entry<Verdict> => {
      const [name, write] = form;
      const chance = seededChance(40_000 + 100 * round + index);
      const yes = chance.below(2) === 0;
      const [word, other] = yes ? ["Yes", "No"] : ["No", "Yes"];
      const verdict = yes ? "yes" : "no";
      const reading = unclear.includes(form) ? "unparsable" : verdict;
      return { name: `${name} (${round})`, reply: write(word, other, chance), reading };
    }),
).flat();
