import { canonicalJson, sha256 } from "../domain/canonical-json.ts";
import { RepairError } from "../domain/errors.ts";
import { Completion, type ChatMessage } from "../domain/transcript.ts";
import type { SampleFailure, SampleOutcome, SampleRequest } from "../ports/inference-client.ts";
import type { Prompt } from "../ports/prompt-book.ts";
import { recordAnswer, recordFailure, recordingErrors } from "./record-call.ts";
import { seedOf } from "./seed.ts";
import type { StageContext } from "./stage-context.ts";

/** One call to a model: which prompt, filled how, and which sample of its stage it is. */
export type Question = {
  readonly prompt: Prompt;
  readonly messages: readonly ChatMessage[];
  readonly index: number;
  readonly attempt?: number;
  /** Overrides the prompt's own temperature (the first PoC is asked at 0). */
  readonly temperature?: number;
  /** A judge is needed for what is there, also when no more is to be written. */
  readonly alsoWhenStopped?: boolean;
};

export type Answer =
  | { readonly kind: "answered"; readonly sample: string; readonly completion: Completion }
  | { readonly kind: "failed"; readonly sample: string; readonly failure: SampleFailure };

const topP = 0.95;

class SampleFailed extends Error {
  readonly failure: SampleFailure;
  constructor(failure: SampleFailure) {
    super(failure.detail);
    this.failure = failure;
  }
}

/**
 * One durable sample. A finished answer is journaled and never asked for again; a failed one is not, so that a
 * resumed run asks once more. Throws only what the client throws: a server that cannot serve, or the run's abort.
 */
export async function ask(context: StageContext, question: Question): Promise<Answer> {
  const { prompt, messages, index, attempt = 0 } = question;
  const sample = `${prompt.id}/${index}/${attempt}`;
  const temperature = question.temperature ?? prompt.temperature;
  const model = context.inference.model(prompt.role);
  const inputs = { prompt: prompt.hash, messages, temperature, model };
  const request: SampleRequest = {
    run: context.runId,
    priority: 1,
    role: prompt.role,
    stage: stageOf(prompt),
    index,
    attempt,
    messages,
    temperature,
    topP,
    maxTokens: prompt.maxTokens,
    seed: seedOf(context.runId, `${prompt.id}/${attempt}`, index),
    continues: null,
  };
  const call = { id: sha256(canonicalJson([sample, inputs])), sample, prompt, messages, request, model };

  try {
    const completion = await context.journal.step(`sample/${sample}`, inputs, Completion, async () => {
      const outcome = await recordingErrors(context.record, call, () =>
        question.alsoWhenStopped === true
          ? context.inference.sample(request, context.signal)
          : sampleUnlessStopped(context, request),
      );
      if (outcome.kind === "failed") throw new SampleFailed(outcome.failure);
      return outcome.completion;
    });
    context.usage.add(call.id, prompt.role, completion.model, completion.usage);
    await recordAnswer(context.record, call, completion);
    return { kind: "answered", sample, completion };
  } catch (error) {
    if (!(error instanceof SampleFailed)) throw error;
    context.logger.warn({ sample, ...error.failure }, "a sample failed");
    await recordFailure(context.record, call, error.failure);
    return { kind: "failed", sample, failure: error.failure };
  }
}

/** A sample that is not wanted any more, or was cut off because of that, has failed. */
async function sampleUnlessStopped(context: StageContext, request: SampleRequest): Promise<SampleOutcome> {
  const { inference, signal, stop } = context;
  const stopped = (): SampleOutcome => ({
    kind: "failed",
    failure: { reason: "stopped", detail: stopReason(stop) },
  });
  if (stop.aborted) return stopped();
  try {
    return await inference.sample(request, AbortSignal.any([signal, stop]));
  } catch (error) {
    if (!stop.aborted || signal.aborted) throw error;
    return stopped();
  }
}

/** Who asked for the best so far, or why. */
export const stopReason = ({ reason }: AbortSignal): string =>
  reason instanceof Error ? reason.message : String(reason);

export const wasStopped = (answer: Answer): boolean =>
  answer.kind === "failed" && answer.failure.reason === "stopped";

/** The general form of a prompt is the same step of the method. */
const stageOf = (prompt: Prompt): string => prompt.id.replace(/-any$/, "");

/** `count` samples of the same question, asked together; `onAnswer` sees each as it ends. */
export async function askMany(
  context: StageContext,
  question: Omit<Question, "index">,
  count: number,
  onAnswer: (answer: Answer) => void = () => {},
  firstIndex = 0,
): Promise<readonly Answer[]> {
  const indices = Array.from({ length: count }, (_, i) => firstIndex + i);
  return Promise.all(
    indices.map(async (index) => {
      const answer = await ask(context, { ...question, index });
      onAnswer(answer);
      return answer;
    }),
  );
}

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
 * nobody wanted any more do not count.
 */
export function requireSomeAnswer(all: readonly Answer[]): void {
  const answers = all.filter((answer) => !wasStopped(answer));
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
