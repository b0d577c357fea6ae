import { parseJudgement, type Judgement } from "../domain/parse-judgement.ts";
import { render } from "./prompt.ts";
import { ask } from "./sample.ts";
import type { StageContext } from "./stage-context.ts";

/** The judge's answer: its yes or no, its words, or that two tries gave no readable one. */
export type JudgeAnswer = { readonly judgement: Judgement; readonly text: string };

/** Judgements are short: where a prompt leaves no more room than this, most of them still fit. */
const minTokens = 512;

/**
 * Asks a judge prompt at temperature 0; an answer that is unreadable or cut off is asked for once more. Equal questions are asked
 * once a run: the journal knows a step by its inputs, and every judge question has the same sample name.
 */
export async function judge(
  context: StageContext,
  promptId: "judge-poc" | "judge-fix",
  variables: Readonly<Record<string, string>>,
): Promise<JudgeAnswer> {
  const prompt = context.prompts.prompt(promptId);
  const messages = [{ role: "user" as const, content: render(prompt, variables) }];
  for (const attempt of [0, 1]) {
    const question = { prompt, messages, index: 0, attempt, priority: 0, needed: true, minTokens } as const;
    const answer = await ask(context, question);
    if (answer.kind === "failed" || answer.completion.finish === "length") continue;
    const judgement = parseJudgement(answer.completion.text);
    if (judgement !== "unparsable") return { judgement, text: answer.completion.text };
  }
  return { judgement: "unparsable", text: "" };
}
