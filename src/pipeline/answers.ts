import { RepairError } from "../domain/errors.ts";
import type { Answer } from "./sample.ts";

/** Asked for and then called off, or never asked: says nothing about the models. */
const wasCalledOff = (answer: Answer): boolean =>
  answer.kind === "failed" &&
  (answer.failure.unsent === true || ["stopped", "unneeded"].includes(answer.failure.reason));

/** What `parse` makes of the answers that may be parsed: finished, and not cut off by the token limit; else null. */
export const readAnswers = <T>(
  answers: readonly Answer[],
  parse: (text: string) => T,
): ReadonlyArray<{ readonly sample: string; readonly named: T | null }> =>
  answers.map((answer) => {
    const usable = answer.kind === "answered" && answer.completion.finish === "stop";
    return { sample: answer.sample, named: usable ? parse(answer.completion.text) : null };
  });

/**
 * Throws `inference-unusable` when not one sample holds words: that is a broken server, not a hard issue. Samples that
 * were called off do not count.
 */
export function requireSomeAnswer(all: readonly Answer[]): void {
  const answers = all.filter((answer) => !wasCalledOff(answer));
  const failures = answers.flatMap((answer) => whyWordless(answer) ?? []);
  const [first] = failures;
  if (first === undefined || failures.length < answers.length) return;
  throw new RepairError("inference-unusable", `all ${answers.length} samples failed; the first: ${first}`);
}

function whyWordless(answer: Answer): string | null {
  if (answer.kind === "failed") return `${answer.failure.reason}: ${answer.failure.detail}`;
  const { finish, text, model } = answer.completion;
  if (finish === "length") return `${model} was cut off by the token limit`;
  return text.trim() === "" ? `${model} answered nothing after its reasoning` : null;
}
