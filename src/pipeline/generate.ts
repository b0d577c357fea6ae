import type { ChatMessage } from "../domain/transcript.ts";
import type { Prompt } from "../ports/prompt-book.ts";
import { requireSomeAnswer } from "./answers.ts";
import { applySample } from "./apply-sample.ts";
import { codeSegments } from "./code-segments.ts";
import type { Round } from "./contest.ts";
import { promptFor } from "./language-prompt.ts";
import type { Localization } from "./localize.ts";
import { characterBudget } from "./prompt-budget.ts";
import { render } from "./prompt.ts";
import { askMany, type Answer } from "./sample.ts";
import type { SourceText } from "./source-files.ts";
import type { StageContext } from "./stage-context.ts";
import type { SampleEnd } from "./written-sample.ts";

export type GenerationTask = {
  readonly prompt: Prompt;
  readonly messages: readonly ChatMessage[];
};

/** One prompt from the merged locations; null when there is no code to show. */
export async function generationTask(
  context: StageContext,
  { sources, locations }: Localization,
): Promise<GenerationTask | null> {
  const { prompt, values } = promptFor(context, "generate");
  const budget = await characterBudget(context, prompt);
  const segments = codeSegments(sources, locations, context.language, budget);
  if (segments === "") return null;
  const content = render(prompt, { ...values, problem_statement: context.problem, content: segments });
  return { prompt, messages: [{ role: "user", content }] };
}

/** Many samples of the one prompt, each parsed and applied as it ends. */
export const generate = (
  context: StageContext,
  { prompt, messages }: GenerationTask,
  read: (path: string) => Promise<SourceText>,
): Round => ({
  samples: context.profile.candidates,
  async write(onEnd, unneeded) {
    const total = context.profile.candidates;
    let done = 0;
    const question = { prompt, messages, priority: 2 as const, unneeded };
    const answers = await askMany(context, question, total, async (answer, index) => {
      const end = await endOf(context, read, messages, answer, index);
      done += 1;
      context.progress({ stage: "generate", text: "writing candidates", done, total });
      onEnd(end, index);
    });
    requireSomeAnswer(answers);
  },
});

async function endOf(
  context: StageContext,
  read: (path: string) => Promise<SourceText>,
  chat: readonly ChatMessage[],
  answer: Answer,
  index: number,
): Promise<SampleEnd> {
  const { sample } = answer;
  if (answer.kind === "answered") {
    const { call, completion } = answer;
    return applySample(context, read, { sample, index, refines: null, chat, call, completion });
  }
  const { reason, detail, unsent } = answer.failure;
  if (reason === "stopped" || reason === "unneeded") return { kind: "called-off", why: reason };
  // The run has no time for it: as if it had been asked to finish already.
  if (reason === "deadline" && unsent === true) return { kind: "called-off", why: "stopped" };
  return { kind: "rejected", rejected: { sample, reason: "no-answer", detail: `${reason}: ${detail}` } };
}
