import { codeSegments } from "./code-segments.ts";
import { localizeFiles, localizeLines, type Localization } from "./localize.ts";
import { characterBudget } from "./prompt-budget.ts";
import { render } from "./prompt.ts";
import { ask } from "./sample.ts";
import type { StageContext } from "./stage-context.ts";

export type Plan = {
  readonly localization: Localization;
  /** What a model says that it would change, untrusted; null when there is nothing to say it about, or no whole answer. */
  readonly intent: string | null;
};

/** Both steps of localization (paper 3.2.2), then one answer in words instead of patches. Throws like `repair`. */
export async function plan(context: StageContext): Promise<Plan> {
  const localization = await localizeLines(context, await localizeFiles(context));
  const { sources, locations } = localization;
  const prompt = context.prompts.prompt("plan");
  const budget = await characterBudget(context, prompt);
  const content = codeSegments(sources, locations, context.language, budget);
  if (content === "") return { localization, intent: null };
  const filled = render(prompt, { problem_statement: context.problem, content });
  const answer = await ask(context, {
    prompt,
    messages: [{ role: "user", content: filled }],
    index: 0,
    priority: 0,
  });
  const whole = answer.kind === "answered" && answer.completion.finish === "stop";
  return { localization, intent: whole ? answer.completion.text.trim() || null : null };
}
