import type { CandidateClass } from "../domain/candidate-class.ts";
import { parseConclusion } from "../domain/parse-judgement.ts";
import type { ChatMessage } from "../domain/transcript.ts";
import { applySample } from "./apply-sample.ts";
import { promptFor } from "./language-prompt.ts";
import { render } from "./prompt.ts";
import { ask, type Answer } from "./sample.ts";
import type { SourceText } from "./source-files.ts";
import type { StageContext } from "./stage-context.ts";
import type { SampleEnd, WrittenSample } from "./written-sample.ts";

/**
 * One self-review turn per distinct candidate (paper 3.2.2, D.2.2), in the chat of the sample that stands for it. "Right",
 * or no conclusion, changes nothing; after "Wrong" the corrected edits, from the review or from one more turn, are a sample
 * of their own, named after the reviewed one.
 */
export async function critique(
  context: StageContext,
  read: (path: string) => Promise<SourceText>,
  { candidate, standing }: CandidateClass<WrittenSample>,
): Promise<SampleEnd | "nothing"> {
  const { index } = standing;
  const correction = await correct(context, standing);
  if (correction === null) return "nothing";
  const { chat, answer } = correction;
  const { call, completion } = answer;
  const sample = `critique/${index}`;
  return applySample(context, read, { sample, index, refines: candidate.id, chat, call, completion });
}

type Correction = {
  readonly chat: readonly ChatMessage[];
  readonly answer: Extract<Answer, { kind: "answered" }>;
};

/** The answer that holds corrected edits, or null when the review found the candidate right. */
async function correct(context: StageContext, standing: WrittenSample): Promise<Correction | null> {
  const { index } = standing;
  const { prompt, values } = promptFor(context, "critique");
  const chat = [...standing.chat, { role: "user" as const, content: render(prompt, values) }];
  const first = { prompt, messages: chat, index, priority: 0 as const, continues: standing.call };
  const review = await ask(context, first);
  if (review.kind === "failed" || review.completion.finish === "length") return null;
  if (parseConclusion(review.completion.text) === "right") return null;
  if (review.completion.text.includes("SEARCH")) return { chat, answer: review };

  const again: readonly ChatMessage[] = [
    ...chat,
    { role: "assistant", content: review.completion.text },
    ...standing.chat.filter((message) => message.role === "user"),
  ];
  const answer = await ask(context, { ...first, messages: again, attempt: 1, continues: review.call });
  return answer.kind === "answered" ? { chat: again, answer } : null;
}
