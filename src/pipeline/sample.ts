import { canonicalJson, sha256 } from "../domain/canonical-json.ts";
import { asRepairError } from "../domain/errors.ts";
import { Completion, Usage, type ChatMessage } from "../domain/transcript.ts";
import type { CallPriority, SampleFailure, SampleOutcome, SampleRequest } from "../ports/inference-client.ts";
import type { Prompt } from "../ports/prompt-book.ts";
import { gather, type Seat } from "./gather.ts";
import { recordAnswer, recordFailure, recordingErrors } from "./record-call.ts";
import { seedOf } from "./seed.ts";
import { sharedStep } from "./shared-step.ts";
import type { StageContext } from "./stage-context.ts";

/** One call to a model: which prompt, filled how, and which sample of its stage it is. */
export type Question = {
  readonly prompt: Prompt;
  readonly messages: readonly ChatMessage[];
  readonly index: number;
  readonly attempt?: number;
  readonly priority: CallPriority;
  /** The sample whose conversation this goes on with (see SampleRequest). */
  readonly continues?: string;
  /** Overrides the prompt's own temperature (the first PoC is asked at 0). */
  readonly temperature?: number;
  /** What an answer needs at least, in tokens, where the window is short (see SampleRequest). */
  readonly minTokens?: number;
  /** A judge is needed for what is there, also when no more is to be written or the budget is used up. */
  readonly needed?: boolean;
  /** Aborts when no answer could change the result any more. */
  readonly unneeded?: AbortSignal;
};

export type Answer =
  | {
      readonly kind: "answered";
      readonly sample: string;
      /** `stage/index/attempt`, for `continues`. */
      readonly call: string;
      readonly completion: Completion;
    }
  | { readonly kind: "failed"; readonly sample: string; readonly failure: SampleFailure };

const topP = 0.95;

class SampleFailed extends Error {
  readonly failure: SampleFailure;
  constructor(failure: SampleFailure) {
    super(failure.detail);
    this.failure = failure;
  }
}

type Send = (request: SampleRequest) => Promise<SampleOutcome>;

/**
 * One durable sample. A finished answer is journaled and never asked for again; a failed one is not, so that a
 * resumed run asks once more. Throws only what the client throws: a server that cannot serve, or the run's abort.
 */
export async function ask(context: StageContext, question: Question): Promise<Answer> {
  const { inference } = context;
  const signal = question.needed === true ? context.signal : untilCalledOff(context, question.unneeded);
  return sharedStep(context.signal, () =>
    askWith(context, question, (request) => inference.sample(request, signal)),
  );
}

async function askWith(context: StageContext, question: Question, send: Send): Promise<Answer> {
  const { prompt, messages, index, attempt = 0, needed = false } = question;
  const sample = `${prompt.id}/${index}/${attempt}`;
  const temperature = question.temperature ?? prompt.temperature;
  const model = context.inference.model(prompt.role);
  const inputs = { prompt: prompt.hash, conversation: hashOf(messages), temperature, model };
  const request: SampleRequest = {
    run: context.runId,
    priority: question.priority,
    role: prompt.role,
    stage: stageOf(prompt),
    index,
    attempt,
    messages,
    temperature,
    topP,
    maxTokens: prompt.maxTokens,
    ...(question.minTokens === undefined ? {} : { minTokens: question.minTokens }),
    seed: seedOf(context.seedRun, `${prompt.id}/${attempt}`, index),
    continues: question.continues ?? null,
  };
  const call = { id: sha256(canonicalJson([sample, inputs])), sample, prompt, messages, request, model };
  let room: { release(): void } | null = null;

  try {
    const completion = await context.journal.step(`sample/${sample}`, inputs, Completion, async () => {
      const before = needed ? null : calledOff(context, question.unneeded);
      if (before !== null) throw new SampleFailed(before);
      const { maxTokens } = prompt;
      const planned = { stage: request.stage, maxTokens, leastTokens: leastTokens(request), needed };
      const reserved = context.budget.reserve(planned);
      if (reserved.kind === "refused") throw new SampleFailed(reserved.failure);
      room = reserved;
      const outcome = await recordingErrors(context.record, call, () =>
        needed ? send(request) : unlessCalledOff(context, question.unneeded, () => send(request)),
      );
      if (outcome.kind === "failed") throw new SampleFailed(outcome.failure);
      return outcome.completion;
    });
    context.budget.ended(request.stage, completion.milliseconds);
    const { model: answering, usage, milliseconds } = completion;
    context.usage.add(call.id, prompt.role, answering, usage, { prompt, milliseconds });
    await recordAnswer(context.record, call, completion);
    return { kind: "answered", sample, call: `${request.stage}/${index}/${attempt}`, completion };
  } catch (error) {
    if (!(error instanceof SampleFailed)) throw error;
    const { failure } = error;
    if (failure.reason !== "unneeded") context.logger.warn({ sample, ...failure }, "a sample failed");
    await recordFailure(context.record, call, failure);
    return { kind: "failed", sample, failure };
  } finally {
    release(room);
  }
}

// `room` is set inside a closure, which the compiler does not follow.
const release = (room: { release(): void } | null): void => room?.release();

/** As the client has it for a short window. */
const leastTokens = ({ minTokens, maxTokens }: SampleRequest): number =>
  minTokens ?? Math.ceil(maxTokens / 4);

const untilCalledOff = ({ signal, stop }: StageContext, unneeded?: AbortSignal): AbortSignal =>
  AbortSignal.any([signal, stop, ...(unneeded === undefined ? [] : [unneeded])]);

/** Why a sample is not wanted any more, null while it is. */
const calledOff = ({ stop }: StageContext, unneeded: AbortSignal | undefined): SampleFailure | null =>
  stop.aborted
    ? { reason: "stopped", detail: stopReason(stop) }
    : unneeded?.aborted === true
      ? { reason: "unneeded", detail: stopReason(unneeded) }
      : null;

/** A sample that was cut off because it is not wanted any more has failed. What was written of it is paid for. */
async function unlessCalledOff(
  context: StageContext,
  unneeded: AbortSignal | undefined,
  send: () => Promise<SampleOutcome>,
): Promise<SampleOutcome> {
  try {
    return await send();
  } catch (error) {
    const written = Usage.safeParse(asRepairError(error).data["usage"]);
    if (written.success) context.usage.lost(written.data);
    const failure = calledOff(context, unneeded);
    if (failure === null || context.signal.aborted) throw error;
    return { kind: "failed", failure };
  }
}

const hashes = new WeakMap<readonly ChatMessage[], string>();

/** Sixty samples ask the same hundred kilobytes: they are hashed once. */
function hashOf(messages: readonly ChatMessage[]): string {
  const known = hashes.get(messages) ?? sha256(canonicalJson(messages));
  hashes.set(messages, known);
  return known;
}

/** Who asked for the best so far, or why. */
export const stopReason = ({ reason }: AbortSignal): string =>
  reason instanceof Error ? reason.message : String(reason);

/** The general form of a prompt is the same step of the method. */
const stageOf = (prompt: Prompt): string => prompt.id.replace(/-any$/, "");

/**
 * `count` samples of the same question, asked together; `onAnswer` sees each as it ends. Each is a journal step of its own,
 * and only those that the journal does not hold are asked for.
 */
export async function askMany(
  context: StageContext,
  question: Omit<Question, "index">,
  count: number,
  onAnswer: (answer: Answer, index: number) => void | Promise<void> = () => {},
  firstIndex = 0,
): Promise<readonly Answer[]> {
  const signal = untilCalledOff(context, question.unneeded);
  const seats = gather(count, (requests) => context.inference.sampleMany(requests, signal));
  return Promise.all(
    seats.map(async (seat, at) => {
      const index = firstIndex + at;
      const answer = await fromSeat(seat, (send) => askWith(context, { ...question, index }, send));
      await onAnswer(answer, index);
      return answer;
    }),
  );
}

async function fromSeat<T>(seat: Seat, work: (send: Send) => Promise<T>): Promise<T> {
  try {
    return await work(seat.ask);
  } finally {
    seat.leave();
  }
}
