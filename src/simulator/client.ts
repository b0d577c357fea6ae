import { setMaxListeners } from "node:events";
import { RepairError } from "../domain/errors.ts";
import { splitReasoning } from "../domain/reasoning.ts";
import { roles, type Role } from "../domain/transcript.ts";
import type {
  InferenceClient,
  SampleFailure,
  SampleOutcome,
  SampleRequest,
} from "../ports/inference-client.ts";
import type { Timeline } from "./clock/timeline.ts";
import type { SequenceEnd } from "./engine/sequence.ts";
import { promptTokens, type GenerationCall, type PlannedAnswer } from "./generation.ts";
import type { FaultKind, ServerFault } from "./script/faults.ts";
import type { Simulation } from "./simulation.ts";

export type SimulatedClientOptions = {
  readonly simulation: Simulation;
  /** Model that serves each role. */
  readonly models: Readonly<Record<Role, string>>;
};

/** How often a call is tried that meets a passing fault, as the client against a real server does. */
const tries = 4;

/**
 * An InferenceClient on simulated engines, in process and in their time. A call that no rule fits throws RepairError
 * `inference-misconfigured`: the script is wrong, and going on would hide it. (A missing recording is a failed sample.)
 */
export function createSimulatedClient({ simulation, models }: SimulatedClientOptions): InferenceClient {
  const client: InferenceClient = {
    async sample(request, signal) {
      // A run's signal serves all its samples at once; Node would take its many listeners for a leak.
      setMaxListeners(0, signal);
      let outcome: SampleOutcome | null = null;
      for (let tried = 0; tried < tries && outcome === null; tried += 1) {
        throwIfCancelled(signal);
        const result = await attempt(simulation, callOf(models[request.role], request), signal);
        if (result.kind === "failed" && passing.has(result.failure.reason) && tried + 1 < tries) continue;
        outcome = result;
      }
      throwIfCancelled(signal);
      return outcome ?? failed("server", "no try left");
    },
    sampleMany: (requests, signal) => requests.map((request) => client.sample(request, signal)),
    async window(role, signal) {
      throwIfCancelled(signal);
      return simulation.engine(models[role])?.parameters.window ?? null;
    },
    model: (role) => models[role],
    async check(signal) {
      throwIfCancelled(signal);
      return roles.map((role) => {
        const ok = simulation.engine(models[role]) !== null;
        return { role, ok, detail: `${ok ? "simulated" : "not simulated"}: ${models[role]}` };
      });
    },
  };
  return client;
}

const callOf = (model: string, request: SampleRequest): GenerationCall => ({
  model,
  sample: { stage: request.stage, index: request.index, attempt: request.attempt },
  messages: request.messages,
  n: 1,
  maxTokens: request.maxTokens,
  temperature: request.temperature,
  seed: request.seed,
  priority: request.priority,
  stop: [],
  cacheSalt: "",
});

const passing: ReadonlySet<SampleFailure["reason"]> = new Set([
  "protocol",
  "transport",
  "server",
  "overload",
  "deadline",
]);

async function attempt(
  simulation: Simulation,
  call: GenerationCall,
  signal: AbortSignal,
): Promise<SampleOutcome> {
  const { script, timeline, faults } = simulation;
  const engine = simulation.engine(call.model);
  const reply = script.reply(call);
  if (engine === null) throw new RepairError("inference-misconfigured", `${call.model} is not simulated`);
  if (reply === null) {
    const { message, status } = script.missing(call);
    if (status === 422) return failed("protocol", message);
    throw new RepairError("inference-misconfigured", message);
  }
  const hitting = faults.select(call, reply);
  for (const fault of hitting) {
    if ("ms" in fault && fault.kind.startsWith("delay-")) await pause(timeline, fault.ms, signal);
    if (fault.kind === "slow") engine.slowDown(fault.factor);
    if (fault.kind === "restart" || fault.kind === "refuse") engine.crash();
    throwIfCancelled(signal);
    const failure = failureOf(fault);
    if (failure !== null) return failure;
  }
  const prompt = promptTokens(call.messages);
  const { window } = engine.parameters;
  if (prompt + (call.maxTokens ?? 1) > window) {
    return failed(
      "overflow",
      `${prompt} prompt and ${call.maxTokens} answer tokens do not fit into ${window}`,
    );
  }
  const startedAt = timeline.now();
  const planned = simulation.plan(call, reply, hitting);
  return new Promise((resolve) => {
    const handle = simulation.start(planned, {
      onEnd(_choice, answer, end) {
        signal.removeEventListener("abort", abort);
        if (end.reason === "finished") resolve(completed(call, answer, end, timeline.now() - startedAt));
        else resolve(failed("transport", `the server ended the answer: ${end.reason}`));
      },
    });
    const abort = (): void => void ("abort" in handle && handle.abort());
    if ("rejected" in handle) resolve(failed("overload", handle.rejected));
    else signal.addEventListener("abort", abort, { once: true });
  });
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

const failed = (reason: SampleFailure["reason"], detail: string): SampleOutcome => ({
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

function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted)
    throw new RepairError("cancelled", "the model call was cancelled", { cause: signal.reason });
}
