import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { RepairError } from "../domain/errors.ts";
import { splitReasoning } from "../domain/reasoning.ts";
import { estimateTokens } from "../domain/token-estimate.ts";
import { roles } from "../domain/transcript.ts";
import type { Completion, Role } from "../domain/transcript.ts";
import type {
  EndpointCheck,
  InferenceClient,
  SampleFailure,
  SampleOutcome,
  SampleRequest,
} from "../ports/inference-client.ts";
import { createFaultCounter, findReply, missingRecording } from "./replies.ts";
import type { Fault, RecordedReplies, Reply } from "./replies.ts";

export type RecordedModels = Readonly<Record<Role, string>>;

/** Names under which recordings appear wherever a model is named, so that nobody takes them for a model. */
export const recordedModels: RecordedModels = {
  "loc-gen": "recorded/loc-gen",
  "val-assert": "recorded/val-assert",
  "val-no-assert": "recorded/val-no-assert",
};

export const recordedWindow = 32_768;

type Options = { readonly replies: RecordedReplies; readonly models?: RecordedModels };

/**
 * An InferenceClient that answers from recordings, in process. Faults give the outcome that the client against a
 * real server gives after its retries.
 */
export function createScriptedClient({ replies, models = recordedModels }: Options): InferenceClient {
  const faultOf = createFaultCounter();
  const client: InferenceClient = {
    async sample(request, signal) {
      throwIfCancelled(signal);
      // A run's signal serves all its samples at once; Node would take its many listeners for a leak.
      setMaxListeners(0, signal);
      const reply = findReply(replies, request, request.messages);
      if (reply === null) return failed("protocol", missingRecording(request));
      await wait(reply.delayMs ?? 0, signal);
      let fault = faultOf(request, reply);
      while (fault !== null && retried.has(fault) && reply.faultTimes !== undefined)
        fault = faultOf(request, reply);
      if (fault === "http-401") {
        throw new RepairError("inference-misconfigured", `recorded 401 for ${models[request.role]}`);
      }
      if (fault !== null && fault !== "empty") return failed(failureOf[fault], `recorded fault ${fault}`);
      return completed(request, fault === "empty" ? { ...reply, text: "" } : reply, models[request.role]);
    },
    sampleMany: (requests, signal) => requests.map((request) => client.sample(request, signal)),
    window: (_role, signal) => answered(recordedWindow, signal),
    model: (role) => models[role],
    check: (signal) =>
      answered(
        roles.map((role) => checkOf(role, replies)),
        signal,
      ),
  };
  return client;
}

const failureOf: Readonly<Record<Exclude<Fault, "empty" | "http-401">, SampleFailure["reason"]>> = {
  "garbage-json": "protocol",
  "drop-midway": "transport",
  endless: "too-long",
  huge: "too-long",
  "http-500": "server",
  "overload-503": "overload",
  "overflow-400": "overflow",
  hang: "deadline",
};

const retried: ReadonlySet<Fault> = new Set([
  "garbage-json",
  "drop-midway",
  "http-500",
  "overload-503",
  "hang",
]);

function completed(request: SampleRequest, reply: Reply, model: string): SampleOutcome {
  const prompt = request.messages.reduce((sum, message) => sum + estimateTokens(message.content), 0);
  const completion: Completion = {
    ...splitReasoning(reply.text),
    finish: reply.finish ?? "stop",
    model,
    usage: { prompt, completion: estimateTokens(reply.text), estimated: true },
    milliseconds: reply.delayMs ?? 0,
  };
  return { kind: "completed", completion };
}

const failed = (reason: SampleFailure["reason"], detail: string): SampleOutcome => ({
  kind: "failed",
  failure: { reason, detail },
});

const checkOf = (role: Role, replies: RecordedReplies): EndpointCheck => ({
  role,
  ok: true,
  detail: `recorded answers (${replies.origin})`,
});

async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds > 0) await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
  throwIfCancelled(signal);
}

async function answered<T>(value: T, signal: AbortSignal): Promise<T> {
  throwIfCancelled(signal);
  return value;
}

function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted)
    throw new RepairError("cancelled", "the model call was cancelled", { cause: signal.reason });
}
