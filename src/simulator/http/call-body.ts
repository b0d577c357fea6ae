import { z } from "zod";
import type { ChatMessage } from "../../domain/transcript.ts";
import type { GenerationCall } from "../generation.ts";
import type { SampleName } from "../replies.ts";

/** What the simulator reads of a request; everything else is accepted and ignored. */
const CallOptions = z.looseObject({
  model: z.string().optional(),
  n: z.int().positive().nullish(),
  max_tokens: z.int().positive().nullish(),
  max_completion_tokens: z.int().positive().nullish(),
  temperature: z.number().nullish(),
  seed: z.int().nullish(),
  priority: z.int().nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  cache_salt: z.string().nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
});
export type CallBody = z.infer<typeof CallOptions>;

const Message = z.looseObject({ role: z.enum(["system", "user", "assistant"]), content: z.string() });

export const ChatBody = CallOptions.extend({ messages: z.array(Message).min(1) });
export const CompletionBody = CallOptions.extend({ prompt: z.string() });

const samplePattern = /^([a-z-]+)\/(\d{1,6})\/(\d{1,3})$/;

/** The sample that a `stage/index/attempt` header names, null when it names none. */
export function parseSampleHeader(header: string | undefined): SampleName | null {
  const match = samplePattern.exec(header ?? "");
  if (match === null) return null;
  const [, stage = "", index, attempt] = match;
  return { stage, index: Number(index), attempt: Number(attempt) };
}

export const callOf = (
  body: CallBody,
  messages: readonly ChatMessage[],
  model: string,
  sample: SampleName | null,
): GenerationCall => ({
  model,
  sample,
  messages,
  n: body.n ?? 1,
  maxTokens: body.max_completion_tokens ?? body.max_tokens ?? null,
  temperature: body.temperature ?? 1,
  seed: body.seed ?? null,
  priority: body.priority ?? 0,
  stop: typeof body.stop === "string" ? [body.stop] : (body.stop ?? []),
  cacheSalt: body.cache_salt ?? "",
});
