import { z } from "zod";
import { fillerText } from "../engine/tokens.ts";
import { drawNormal } from "./draw.ts";

/**
 * Tokens of an answer: a number, or drawn from a lognormal distribution with this mean (not median: that is
 * mean / exp(sigma^2 / 2)) and deviation of the logarithm, never above `cap`.
 */
export const AnswerLength = z.union([
  z.int().positive(),
  z.strictObject({ mean: z.number().positive(), sigma: z.number().nonnegative(), cap: z.int().positive() }),
]);
export type AnswerLength = z.infer<typeof AnswerLength>;

export function drawLength(length: AnswerLength, key: readonly (string | number)[]): number {
  if (typeof length === "number") return length;
  const { mean, sigma, cap } = length;
  const location = Math.log(mean) - (sigma * sigma) / 2;
  return Math.max(1, Math.min(cap, Math.round(Math.exp(location + sigma * drawNormal(key)))));
}

const opener = "<think>";
const closing = "\n</think>\n\n";

/**
 * The text with so much reasoning before it that it has `tokens` tokens, so that usage, time, KV memory and what the
 * client counts agree. A text that is longer than that stays as it is.
 */
export function padWithReasoning(text: string, tokens: number, flavour: string): string {
  const characters = Math.floor((tokens * 16) / 5);
  const [before, after] = text.startsWith(opener)
    ? [opener, text.slice(opener.length)]
    : [`${opener}\n`, closing + text];
  const missing = characters - before.length - after.length;
  if (missing <= 0) return text;
  return before + fillerText(Math.ceil((missing * 5) / 16) + 1, flavour).slice(0, missing) + after;
}
