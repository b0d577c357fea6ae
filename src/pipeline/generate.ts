import { groupByClass, type AppliedSample } from "../domain/candidate-class.ts";
import type { Candidate } from "../domain/candidate.ts";
import type { RejectedSample } from "../domain/evidence.ts";
import type { ChatMessage } from "../domain/transcript.ts";
import { applySample } from "./apply-sample.ts";
import { codeSegments } from "./code-segments.ts";
import { critique } from "./critique.ts";
import { promptFor } from "./language-prompt.ts";
import type { Localization } from "./localize.ts";
import { characterBudget } from "./prompt-budget.ts";
import { render } from "./prompt.ts";
import { ask, requireSomeAnswer, wasStopped, type Answer } from "./sample.ts";
import { createSourceReader } from "./source-files.ts";
import type { StageContext } from "./stage-context.ts";

export type Generation = {
  readonly candidates: readonly Candidate[];
  readonly rejected: readonly RejectedSample[];
  /** Samples that were asked for and not called off, refinements not counted: the electorate of the vote. */
  readonly samples: number;
  /** Samples that were not written because the run was asked to finish. */
  readonly unwritten: number;
};

/**
 * Candidates from the merged locations: one prompt, many samples, each parsed and applied as it ends; equal patches
 * become one candidate that keeps every vote. With critique on, each distinct candidate is reviewed once.
 */
export async function generate(context: StageContext, localization: Localization): Promise<Generation> {
  const { prompt, values } = promptFor(context, "generate");
  const budget = await characterBudget(context, prompt);
  const segments = codeSegments(localization.sources, localization.locations, context.language, budget);
  if (segments === "") return { candidates: [], rejected: [], samples: 0, unwritten: 0 };
  const content = render(prompt, { ...values, problem_statement: context.problem, content: segments });
  const messages: readonly ChatMessage[] = [{ role: "user", content }];
  const read = createSourceReader(context.checkout);

  const applied: AppliedSample[] = [];
  const rejected: RejectedSample[] = [];
  const answers = new Map<string, string>();
  const total = context.profile.candidates;
  let done = 0;
  const results = await Promise.all(
    Array.from({ length: total }, async (_, index) => {
      const answer = await ask(context, { prompt, messages, index });
      const result = await judgeAnswer(context, read, answer);
      done += 1;
      context.progress({ stage: "generate", text: "writing candidates", done, total });
      return { answer, result };
    }),
  );
  requireSomeAnswer(results.map(({ answer }) => answer));
  const unwritten = results.filter(({ answer }) => wasStopped(answer)).length;
  for (const { answer, result } of results) {
    if (wasStopped(answer)) continue;
    if (result.kind === "rejected") rejected.push({ sample: answer.sample, ...result.rejection });
    else {
      applied.push(result.applied);
      if (answer.kind === "answered") answers.set(answer.sample, answer.completion.text);
    }
  }

  const candidates = groupByClass(applied);
  const refined =
    context.critiqueRounds > 0 ? await critique(context, { candidates, messages, answers, read }) : null;
  return {
    candidates: [...candidates, ...(refined?.candidates ?? [])],
    rejected: [...rejected, ...(refined?.rejected ?? [])],
    samples: total - unwritten,
    unwritten,
  };
}

async function judgeAnswer(
  context: StageContext,
  read: Parameters<typeof applySample>[1],
  answer: Answer,
): ReturnType<typeof applySample> {
  if (answer.kind === "failed") {
    const { reason, detail } = answer.failure;
    return { kind: "rejected", rejection: { reason: "no-answer", detail: `${reason}: ${detail}` } };
  }
  return applySample(context, read, answer.sample, answer.completion);
}
