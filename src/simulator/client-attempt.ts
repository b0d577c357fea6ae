import { RepairError } from "../domain/errors.ts";
import { splitReasoning } from "../domain/reasoning.ts";
import type { SampleFailure, SampleOutcome } from "../ports/inference-client.ts";
import type { Timeline } from "./clock/timeline.ts";
import type { Engine } from "./engine/engine.ts";
import type { SequenceEnd } from "./engine/sequence.ts";
import { promptTokens, type GenerationCall, type PlannedAnswer } from "./generation.ts";
import type { FaultKind, ServerFault } from "./script/faults.ts";
import type { ScriptedReply } from "./script/script.ts";
import type { Simulation } from "./simulation.ts";

type Choice = { resolve(outcome: SampleOutcome): void; reject(error: unknown): void };

/**
 * One simulated request: a promise per choice, each settled when its own choice ends. All reject with RepairError
 * `inference-misconfigured` where no rule fits, and with `cancelled` when the signal aborts before it is sent.
 */
export function attemptGroup(
  simulation: Simulation,
  call: GenerationCall,
  signal: AbortSignal,
): readonly Promise<SampleOutcome>[] {
  const choices: Choice[] = [];
  const outcomes = Array.from(
    { length: call.n },
    () => new Promise<SampleOutcome>((resolve, reject) => choices.push({ resolve, reject })),
  );
  send(simulation, call, signal, choices).catch((error: unknown) => {
    for (const choice of choices) choice.reject(error);
  });
  return outcomes;
}

async function send(
  simulation: Simulation,
  call: GenerationCall,
  signal: AbortSignal,
  choices: readonly Choice[],
): Promise<void> {
  const endAll = (outcome: SampleOutcome): void => choices.forEach((choice) => choice.resolve(outcome));
  const { script } = simulation;
  const engine = simulation.engine(call.model);
  const reply = script.reply(call);
  if (engine === null) throw new RepairError("inference-misconfigured", `${call.model} is not simulated`);
  if (reply === null) {
    const { message, status } = script.missing(call);
    if (status === 422) return endAll(failed("protocol", message));
    throw new RepairError("inference-misconfigured", message);
  }
  const faults = simulation.faults.select(call, reply);
  const failure = (await suffer(simulation, engine, faults, signal)) ?? overflow(engine, call);
  if (failure !== null) return endAll(failure);
  start(simulation, call, { reply, faults }, signal, choices);
}

function start(
  simulation: Simulation,
  call: GenerationCall,
  { reply, faults }: { readonly reply: ScriptedReply; readonly faults: readonly ServerFault[] },
  signal: AbortSignal,
  choices: readonly Choice[],
): void {
  const { timeline } = simulation;
  const startedAt = timeline.now();
  let left = choices.length;
  const handle = simulation.start(simulation.plan(call, reply, faults), {
    onEnd(at, answer, end) {
      left -= 1;
      if (left === 0) signal.removeEventListener("abort", abort);
      const outcome =
        end.reason === "finished"
          ? completed(call, answer, end, timeline.now() - startedAt)
          : failed("transport", `the server ended the answer: ${end.reason}`);
      choices[at]?.resolve(outcome);
    },
  });
  const abort = (): void => void ("abort" in handle && handle.abort());
  if ("abort" in handle) signal.addEventListener("abort", abort, { once: true });
  else choices.forEach((choice) => choice.resolve(failed("overload", handle.rejected)));
}

/** What the faults do before an answer can come; the failure that they end in, null when it comes all the same. */
async function suffer(
  { timeline }: Simulation,
  engine: Engine,
  faults: readonly ServerFault[],
  signal: AbortSignal,
): Promise<SampleOutcome | null> {
  for (const fault of faults) {
    if ("ms" in fault && fault.kind.startsWith("delay-")) await pause(timeline, fault.ms, signal);
    if (fault.kind === "slow") engine.slowDown(fault.factor);
    if (fault.kind === "restart" || fault.kind === "refuse") engine.crash();
    throwIfCancelled(signal);
    const failure = failureOf(fault);
    if (failure !== null) return failure;
  }
  return null;
}

function overflow(engine: Engine, { messages, maxTokens }: GenerationCall): SampleOutcome | null {
  const prompt = promptTokens(messages);
  const { window } = engine.parameters;
  if (prompt + (maxTokens ?? 1) <= window) return null;
  return failed("overflow", `${prompt} prompt and ${maxTokens} answer tokens do not fit into ${window}`);
}

const completed = (
  call: GenerationCall,
  answer: PlannedAnswer,
  end: SequenceEnd,
  milliseconds: number,
): SampleOutcome => ({
  kind: "completed",
  completion: {
    ...splitReasoning(answer.text),
    finish: answer.finish,
    model: call.model,
    usage: { prompt: end.promptTokens, completion: answer.tokens, estimated: false },
    milliseconds,
  },
});

export const failed = (reason: SampleFailure["reason"], detail: string): SampleOutcome => ({
  kind: "failed",
  failure: { reason, detail },
});

function failureOf({ kind }: ServerFault): SampleOutcome | null {
  if (kind === "unauthorized" || kind === "not-found") {
    throw new RepairError("inference-misconfigured", `simulated fault ${kind}`);
  }
  const reason = reasons[kind];
  return reason === undefined ? null : failed(reason, `simulated fault ${kind}`);
}

/** Faults without an entry let the answer come. */
const reasons: Partial<Record<FaultKind, SampleFailure["reason"]>> = {
  hang: "deadline",
  stall: "deadline",
  reset: "transport",
  "reset-after": "transport",
  "end-early": "transport",
  refuse: "transport",
  restart: "transport",
  "half-line": "protocol",
  "bad-json": "protocol",
  html: "protocol",
  "empty-choices": "protocol",
  "error-event": "server",
  "server-error": "server",
  overload: "overload",
  overflow: "overflow",
  endless: "too-long",
  huge: "too-long",
};

/** Waits on the timeline, at most until the signal aborts. */
async function pause(timeline: Timeline, milliseconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): "woke" => {
      signal.removeEventListener("abort", done);
      cancel();
      resolve();
      return "woke";
    };
    const cancel = timeline.at(timeline.now() + milliseconds, done);
    signal.addEventListener("abort", done, { once: true });
    if (signal.aborted) done();
  });
}

export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted)
    throw new RepairError("cancelled", "the model call was cancelled", { cause: signal.reason });
}
