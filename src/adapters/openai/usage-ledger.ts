import type { Usage } from "../../domain/transcript.ts";
import { estimateTokens } from "../../domain/token-estimate.ts";
import type { StageEstimate } from "./token-estimates.ts";

/** Tokens as servers count them. */
export type CountedTokens = { readonly prompt_tokens: number; readonly completion_tokens: number };

/** Who bears which tokens of one request. */
export type UsageLedger = {
  /** A count for one choice, or for all of them together when `position` is null. */
  note(counted: CountedTokens, position: number | null): void;
  /** Tokens of the prompt as the server counted them. */
  prompt(): number | null;
  /** The share of a choice that has ended with `answer`; once for each. */
  shareOf(position: number, answer: string): Usage;
  /** What a choice has cost that is at `answer` and may go on. */
  soFar(position: number, answer: string): Usage;
};

/**
 * The prompt is computed once for all choices, so each bears a part of it. The last one to end bears what the server
 * counted and nobody has borne yet, so that the shares add up to the server's count where it comes only at the end. What
 * nobody counted is estimated, and the estimate learns from what somebody did.
 */
export function createUsageLedger(
  choices: number,
  estimatedPrompt: () => number,
  estimate: StageEstimate,
): UsageLedger {
  const counted = new Map<number, number>();
  let prompt: number | null = null;
  let total: number | null = null;
  let waiting = choices;
  /** Plain estimate of the choices that ended. */
  let plain = 0;
  let borne = { prompt: 0, completion: 0, estimated: false };

  function completionOf(position: number, answer: string): { tokens: number; estimated: boolean } {
    const own = counted.get(position);
    const guess = estimateTokens(answer);
    plain += guess;
    if (own !== undefined) {
      estimate.answer.learn(guess, own);
      return { tokens: own, estimated: false };
    }
    if (waiting > 0 || total === null) return { tokens: estimate.answer.of(guess), estimated: true };
    estimate.answer.learn(plain, total);
    return { tokens: Math.max(0, total - borne.completion), estimated: borne.estimated };
  }

  const wholePrompt = (): number => prompt ?? estimate.prompt.of(estimatedPrompt());

  return {
    note({ prompt_tokens, completion_tokens }, position) {
      if (prompt === null) estimate.prompt.learn(estimatedPrompt(), prompt_tokens);
      prompt = prompt_tokens;
      if (choices === 1) counted.set(0, completion_tokens);
      else if (position === null) total = completion_tokens;
      else counted.set(position, completion_tokens);
    },
    prompt: () => prompt,
    soFar: (position, answer) => ({
      prompt: Math.round(wholePrompt() / choices),
      completion: counted.get(position) ?? estimate.answer.of(estimateTokens(answer)),
      estimated: prompt === null || !counted.has(position),
    }),
    shareOf(position, answer) {
      waiting -= 1;
      const { tokens, estimated } = completionOf(position, answer);
      const whole = wholePrompt();
      const share = {
        prompt: waiting > 0 ? Math.round(whole / choices) : Math.max(0, whole - borne.prompt),
        completion: tokens,
        estimated: estimated || prompt === null,
      };
      borne = {
        prompt: borne.prompt + share.prompt,
        completion: borne.completion + share.completion,
        estimated: borne.estimated || share.estimated,
      };
      return share;
    },
  };
}
