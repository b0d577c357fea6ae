import type { Chance } from "../../../src/eval/statistics/chance.ts";

/** Puts a fenced answer into a reply that means the same; `draft` is another answer, which must not count. */
export type Wrapping = readonly [
  name: string,
  wrap: (answer: string, draft: string, chance: Chance) => string,
];

const fences = (answer: string, mark: string): string => answer.replaceAll(/^```/gm, mark);

export const wrappings: readonly Wrapping[] = [
  ["nothing odd", (answer) => answer],
  ["a draft while thinking", (answer, draft) => `<think>\n${draft}\nno\n</think>\n\n${answer}`],
  ["thinking that the chat template began", (answer, draft) => `${draft}\nno\n</think>\n${answer}`],
  ["a draft before it", (answer, draft) => `${draft}\n\nOn second thought:\n\n${answer}`],
  [
    "prose around it",
    (answer) => `I have read everything.\n\n${answer}\n\nThis is where it goes wrong; nothing else is.`,
  ],
  [
    "a loop",
    (answer, _, chance) => Array.from({ length: 2 + chance.below(3) }, () => answer).join("\nAgain:\n"),
  ],
  ["CRLF line ends", (answer) => answer.replaceAll("\n", "\r\n")],
  ["longer fences", (answer, _, chance) => fences(answer, "`".repeat(4 + chance.below(4)))],
  ["tildes", (answer) => fences(answer, "~~~")],
  ["a fence that is never closed", (answer) => answer.replace(/\n```$/, "")],
  ["blank lines around it", (answer, _, chance) => "\n".repeat(1 + chance.below(9)) + answer + "\n\n"],
  [
    "fences that are indented",
    (answer, _, chance) => answer.replaceAll(/^```/gm, `${" ".repeat(1 + chance.below(3))}\`\`\``),
  ],
];

/** Replies whose only answer is what a model thought. */
export const onlyThought: readonly Wrapping[] = [
  ["thinking that never ends", (answer) => `<think>\n${answer}`],
  ["an answer inside the thinking only", (answer) => `<think>\n${answer}\n</think>\n`],
];
