import { RepairError } from "../domain/errors.ts";
import type { ChatMessage } from "../domain/transcript.ts";
import type { EngineParameters } from "./engine/parameters.ts";
import { createBlockHasher, tokenCount, tokenEnd } from "./engine/tokens.ts";
import type { SampleName } from "./replies.ts";
import type { ServerFault } from "./script/faults.ts";
import type { ScriptedReply } from "./script/script.ts";
import { withTextFaults } from "./script/text-faults.ts";

/** One prompt with n answers, as it reaches a model server. */
export type GenerationCall = {
  readonly model: string;
  readonly sample: SampleName | null;
  readonly messages: readonly ChatMessage[];
  readonly n: number;
  /** Null: as much as the window has room for. */
  readonly maxTokens: number | null;
  readonly temperature: number;
  readonly seed: number | null;
  readonly priority: number;
  readonly stop: readonly string[];
  /** Keeps prefix caches of tenants apart. */
  readonly cacheSalt: string;
};

export type PlannedAnswer = {
  readonly text: string;
  readonly tokens: number;
  readonly finish: "stop" | "length";
};

/** A call whose answers are known and whose time is not. */
export type PlannedCall = {
  readonly call: GenerationCall;
  readonly promptTokens: number;
  readonly answers: readonly PlannedAnswer[];
  readonly hashes: readonly (readonly number[])[];
};

export const promptTokens = (messages: readonly ChatMessage[]): number =>
  messages.reduce((sum, { content }) => sum + tokenCount(content), 0);

/**
 * What the engine has to compute for a call. Throws RepairError `usage` when the prompt leaves no room for a token:
 * servers refuse such calls before.
 */
export function planCall(
  { window, blockTokens }: EngineParameters,
  call: GenerationCall,
  reply: ScriptedReply,
  faults: readonly ServerFault[],
): PlannedCall {
  const hasher = createBlockHasher(blockTokens, `${call.model}\n${call.cacheSalt}`);
  for (const { role, content } of call.messages) {
    hasher.mark(role);
    hasher.add(content);
  }
  hasher.mark("assistant");
  const { tokens: prompt } = hasher.result();
  const room = window - prompt;
  const limit = reply.isCut ? Math.min(call.maxTokens ?? room, room) : room;
  if (limit < 1) throw new RepairError("usage", `a prompt of ${prompt} tokens leaves no room in ${window}`);
  const answers = Array.from({ length: call.n }, (_, choice) =>
    fitted(withTextFaults(reply.answer(choice), faults, limit), limit, call.stop),
  );
  const hashes = answers.map(({ text }) => {
    const own = hasher.fork();
    own.add(text);
    return own.result().blocks;
  });
  return { call, promptTokens: prompt, answers, hashes };
}

function fitted(
  answer: { readonly text: string; readonly finish: "stop" | "length" },
  limit: number,
  stop: readonly string[],
): PlannedAnswer {
  const stops = stop.map((word) => answer.text.indexOf(word)).filter((at) => at !== -1);
  const text = stops.length === 0 ? answer.text : answer.text.slice(0, Math.min(...stops));
  const tokens = tokenCount(text);
  if (tokens > limit) return { text: text.slice(0, tokenEnd(text, limit)), tokens: limit, finish: "length" };
  return { text, tokens, finish: stops.length === 0 ? answer.finish : "stop" };
}
