import { z } from "zod";

/** What the simulator reads of a chat completion request; everything else is accepted and ignored. */
export const ChatRequest = z.looseObject({
  model: z.string(),
  messages: z
    .array(z.looseObject({ role: z.enum(["system", "user", "assistant"]), content: z.string() }))
    .min(1),
  stream: z.boolean().optional(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
});
export type ChatRequest = z.infer<typeof ChatRequest>;

const samplePattern = /^([a-z-]+)\/(\d{1,6})\/(\d{1,3})$/;

/** The sample that a `stage/index/attempt` header names, null when it names none. */
export function parseSampleHeader(
  header: string | undefined,
): { stage: string; index: number; attempt: number } | null {
  const match = samplePattern.exec(header ?? "");
  if (match === null) return null;
  const [, stage = "", index, attempt] = match;
  return { stage, index: Number(index), attempt: Number(attempt) };
}
