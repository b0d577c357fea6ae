import type { ChatMessage, Completion } from "../domain/transcript.ts";
import type { CallEvent, CallResult } from "../domain/record/call.ts";
import { canonicalJson, sha256 } from "../domain/canonical-json.ts";
import { asRepairError } from "../domain/errors.ts";
import type { SampleFailure, SampleRequest } from "../ports/inference-client.ts";
import type { Prompt } from "../ports/prompt-book.ts";
import type { KeepText, RunRecord } from "../ports/run-record.ts";

/** One model call as it was asked for; `id` names its inputs. */
export type RecordedCall = {
  readonly id: string;
  readonly sample: string;
  readonly prompt: Prompt;
  readonly messages: readonly ChatMessage[];
  readonly request: SampleRequest;
  readonly model: string;
};

/** An answer that the journal gave again is the same event; another answer to the same question is not. */
export const recordAnswer = (
  record: RunRecord,
  call: RecordedCall,
  completion: Completion,
): Promise<void> => {
  const key = `${call.id}/${sha256(canonicalJson(completion))}`;
  return record.note(key, (keep) =>
    callEvent({ ...call, model: completion.model }, keep, {
      kind: "answered",
      text: keep(completion.text),
      reasoning: keep(completion.reasoning),
      finish: completion.finish,
      usage: completion.usage,
      milliseconds: completion.milliseconds,
    }),
  );
};

/** A failed call is not journaled and may be made again, so each is an event of its own. */
export const recordFailure = (
  record: RunRecord,
  call: RecordedCall,
  { reason, detail }: SampleFailure,
): Promise<void> => record.note(null, (keep) => callEvent(call, keep, { kind: "failed", reason, detail }));

/** Does `work`, one call; what it throws, which ends the run, is recorded as well. */
export async function recordingErrors<T>(
  record: RunRecord,
  call: RecordedCall,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, message } = asRepairError(error);
    await record.note(null, (keep) =>
      callEvent(call, keep, { kind: "failed", reason: code, detail: message }),
    );
    throw error;
  }
}

function callEvent(call: RecordedCall, keep: KeepText, result: CallResult): CallEvent {
  const { prompt, request, sample, model, messages } = call;
  const { temperature, topP, maxTokens, seed } = request;
  return {
    kind: "call",
    role: request.role,
    stage: request.stage,
    sample,
    index: request.index,
    attempt: request.attempt,
    prompt: { id: prompt.id, version: prompt.version, hash: prompt.hash },
    messages: messages.map(({ role, content }) => ({ role, content: keep(content) })),
    sampling: { temperature, topP, maxTokens, seed },
    model,
    result,
  };
}
