import { z } from "zod";
import { Usage } from "../transcript.ts";
import { BlobReference } from "./blob-reference.ts";

const CallResult = z.discriminatedUnion("kind", [
  z
    .object({
      kind: z.literal("answered"),
      /** What follows the reasoning, and the reasoning itself. */
      text: BlobReference,
      reasoning: BlobReference,
      finish: z.enum(["stop", "length"]),
      usage: Usage,
      milliseconds: z.number(),
    })
    .readonly(),
  /** The call ended without a usable text; `reason` is a SampleFailure's, or an error code that ended the run. */
  z.object({ kind: z.literal("failed"), reason: z.string(), detail: z.string() }).readonly(),
]);
export type CallResult = z.infer<typeof CallResult>;

/** One model call, whatever came of it. The system message that the client puts in front is the run's. */
export const CallEvent = z
  .object({
    kind: z.literal("call"),
    role: z.string(),
    stage: z.string(),
    /** `generate/17/0`: stage, sample and attempt; judges' calls share one name and differ in their messages. */
    sample: z.string(),
    index: z.int(),
    attempt: z.int(),
    prompt: z.object({ id: z.string(), version: z.int(), hash: z.string() }).readonly(),
    messages: z.array(z.object({ role: z.string(), content: BlobReference }).readonly()).readonly(),
    sampling: z
      .object({ temperature: z.number(), topP: z.number(), maxTokens: z.int(), seed: z.int() })
      .readonly(),
    /** As the server names it; an adapter (LoRA) is served under a name of its own. */
    model: z.string(),
    result: CallResult,
  })
  .readonly();
export type CallEvent = z.infer<typeof CallEvent>;
