import { groupByClass } from "../domain/candidate-class.ts";
import type { Candidate } from "../domain/candidate.ts";
import type { RejectedSample } from "../domain/evidence.ts";
import { parseConclusion } from "../domain/parse-judgement.ts";
import type { ChatMessage, Completion } from "../domain/transcript.ts";
import { applySample } from "./apply-sample.ts";
import { promptFor } from "./language-prompt.ts";
import { render } from "./prompt.ts";
import { ask } from "./sample.ts";
import type { SourceText } from "./source-files.ts";
import type { StageContext } from "./stage-context.ts";

type CritiqueInput = {
  readonly candidates: readonly Candidate[];
  /** The generation conversation, which the critique continues. */
  readonly messages: readonly ChatMessage[];
  /** Answer text by sample id. */
  readonly answers: ReadonlyMap<string, string>;
  readonly read: (path: string) => Promise<SourceText>;
};

/**
 * One self-review turn per distinct candidate (paper 3.2.2, D.2.2), in the chat that wrote it. "Right", or no
 * conclusion, changes nothing; after "Wrong" the corrected edits, from the review or from one more turn, become
 * a new candidate with one vote of its own. What falls into a known class adds no vote to it.
 */
export async function critique(
  context: StageContext,
  input: CritiqueInput,
): Promise<{ candidates: readonly Candidate[]; rejected: readonly RejectedSample[] }> {
  const results = await Promise.all(
    input.candidates.map(async (candidate, index) => {
      const correction = await correct(context, input, candidate, index);
      if (correction === null) return null;
      const sample = `critique/${index}`;
      return { sample, ...(await applySample(context, input.read, sample, correction, candidate.id)) };
    }),
  );
  const refined = results.flatMap((result) => (result?.kind === "applied" ? [result.applied] : []));
  const rejected = results.flatMap((result) =>
    result?.kind === "rejected" ? [{ sample: result.sample, ...result.rejection }] : [],
  );
  const known = new Set(input.candidates.map((candidate) => candidate.id));
  const fresh = refined.filter((sample) => !known.has(sample.key));
  return { candidates: groupByClass(fresh), rejected };
}

/** The answer that holds corrected edits, or null when the review found the candidate right. */
async function correct(
  context: StageContext,
  input: CritiqueInput,
  candidate: Candidate,
  index: number,
): Promise<Completion | null> {
  const [first] = candidate.samples;
  const own = first === undefined ? undefined : input.answers.get(first);
  if (own === undefined) return null;
  const { prompt, values } = promptFor(context, "critique");
  const chat: readonly ChatMessage[] = [
    ...input.messages,
    { role: "assistant", content: own },
    { role: "user", content: render(prompt, values) },
  ];
  const review = await ask(context, { prompt, messages: chat, index });
  if (review.kind === "failed" || review.completion.finish === "length") return null;
  if (parseConclusion(review.completion.text) === "right") return null;
  if (review.completion.text.includes("SEARCH")) return review.completion;

  const again: readonly ChatMessage[] = [
    ...chat,
    { role: "assistant", content: review.completion.text },
    ...input.messages.filter((message) => message.role === "user"),
  ];
  const retry = await ask(context, { prompt, messages: again, index, attempt: 1 });
  return retry.kind === "answered" ? retry.completion : null;
}
