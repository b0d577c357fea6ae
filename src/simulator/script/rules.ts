import { z } from "zod";
import { canonicalJson, sha256 } from "../../domain/canonical-json.ts";
import { RepairError } from "../../domain/errors.ts";
import type { ChatMessage } from "../../domain/transcript.ts";
import { sampleKey } from "../replies.ts";
import { draw } from "./draw.ts";
import type { PlannedFault } from "./faults.ts";
import { drawLength, padWithReasoning, type AnswerLength } from "./length.ts";
import type { Script, ScriptCall, ScriptedAnswer } from "./script.ts";

/** All that is given must fit. `prompt` is a regular expression over the last user message. */
export const RuleMatch = z.strictObject({
  model: z.string().optional(),
  stage: z.string().optional(),
  prompt: z.string().optional(),
  sha: z.string().min(8).optional(),
  /** Only the nth call (from 1) that fits the rest. */
  nth: z.int().positive().optional(),
});

export type RuleMatch = z.infer<typeof RuleMatch>;

/** One way to answer. */
export type RuleChoice = {
  /** In code it may depend on the call, the choice's number and `chance`, a draw of that choice. */
  readonly text: string | ((call: ScriptCall, choice: number, chance: number) => string);
  /** Relative to the other choices; 1 when left out. */
  readonly weight?: number | undefined;
  /** A shorter text is brought to this length by reasoning before it. */
  readonly tokens?: AnswerLength | undefined;
  readonly finish?: "stop" | "length" | undefined;
};
export type Rule = {
  readonly match: RuleMatch;
  readonly choices: readonly RuleChoice[];
  readonly usage?: { readonly prompt: number; readonly completion: number } | undefined;
  readonly faults?: readonly PlannedFault[] | undefined;
};

/** First 64 bits of a prompt's hash, by which recordings are found again. */
export const promptSha = (messages: readonly ChatMessage[]): string =>
  sha256(canonicalJson(messages.map(({ role, content }) => [role, content]))).slice(0, 16);

/**
 * A script of rules; the first that fits answers. What it draws (which choice, how long) depends on `seed` and on
 * model, prompt and the choice's seed, or its name and number where the caller sends no seed, or nothing more at
 * temperature 0: never on the order of calls.
 */
export function scriptOfRules(rules: readonly Rule[], seed = 0): Script {
  const prepared = rules.map((rule) => ({
    rule,
    pattern: rule.match.prompt === undefined ? null : new RegExp(rule.match.prompt, "s"),
    fitted: 0,
  }));
  const fits = (one: (typeof prepared)[number], call: ScriptCall, sha: string): boolean => {
    const { model, stage, sha: wanted, nth } = one.rule.match;
    if (model !== undefined && model !== call.model) return false;
    if (stage !== undefined && stage !== call.sample?.stage) return false;
    if (wanted !== undefined && !sha.startsWith(wanted)) return false;
    if (one.pattern !== null && !one.pattern.test(questionOf(call))) return false;
    one.fitted += 1;
    return nth === undefined || one.fitted === nth;
  };
  return {
    reply(call) {
      const sha = promptSha(call.messages);
      const index = prepared.findIndex((one) => fits(one, call, sha));
      const rule = prepared[index]?.rule;
      if (rule === undefined) return null;
      const key = [seed, call.model, sha];
      return {
        answer: (choice) => answerOf(rule, call, choice, [...key, choiceKey(call, choice)]),
        isCut: true,
        usage: rule.usage ?? null,
        faults: rule.faults ?? [],
        faultKey: `rule ${index}`,
      };
    },
    missing(call) {
      const name = call.sample === null ? "without a name" : sampleKey(call.sample);
      const prompt = `${promptSha(call.messages)} ("${questionOf(call).slice(0, 80)}")`;
      const message = `unscripted: no rule fits model ${call.model}, sample ${name}, prompt ${prompt}`;
      return { message, status: 500 };
    },
  };
}

const questionOf = (call: ScriptCall): string =>
  call.messages.findLast(({ role }) => role === "user")?.content ?? "";

function choiceKey(call: ScriptCall, choice: number): string {
  if (call.temperature === 0) return "greedy";
  if (call.seed !== null) return `seed ${call.seed + choice}`;
  return `${call.sample === null ? "" : sampleKey(call.sample)} ${choice}`;
}

function answerOf(
  rule: Rule,
  call: ScriptCall,
  choice: number,
  key: readonly (string | number)[],
): ScriptedAnswer {
  const picked = pick(rule.choices, draw([...key, "choice"]));
  const text =
    typeof picked.text === "string" ? picked.text : picked.text(call, choice, draw([...key, "text"]));
  const finish = picked.finish ?? "stop";
  if (picked.tokens === undefined) return { text, finish };
  const flavour = sha256(key.join(" ")).slice(0, 8);
  return { text: padWithReasoning(text, drawLength(picked.tokens, [...key, "tokens"]), flavour), finish };
}

function pick(choices: readonly RuleChoice[], chance: number): RuleChoice {
  const weights = choices.map(({ weight = 1 }) => weight);
  let left = chance * weights.reduce((sum, weight) => sum + weight, 0);
  const index = weights.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
  const picked = choices[index] ?? choices.at(-1);
  if (picked === undefined) throw new RepairError("usage", "a rule has no choices");
  return picked;
}
