import type { SampleRequest } from "../../ports/inference-client.ts";
import { estimatedTokens } from "./prompt-size.ts";
import type { Capabilities } from "./capabilities.ts";
import type { Endpoint } from "./endpoint.ts";
import { failed } from "./failure.ts";
import type { AttemptFailure } from "./failure.ts";
import type { OverflowSizes } from "./overflow.ts";
import { withSystem } from "./request-body.ts";

/** Tokens that stay free, for what a chat template may add. */
const margin = 16;
/** No text has fewer characters per token than this share of the estimate. */
const surelyFits = 1.5;

/** Tokens that a prompt leaves for the answer. */
export const roomBeside = (prompt: number, window: number): number => window - prompt - margin;

export const leastTokens = ({ minTokens, maxTokens }: SampleRequest): number =>
  minTokens ?? Math.ceil(maxTokens / 4);

/** Sizes of a prompt that may not fit, counted by the server; null where it surely fits or nobody can tell. */
export async function countedSizes(
  { window, countTokens }: Capabilities,
  { messages }: SampleRequest,
  maxTokens: number,
  endpoint: Endpoint,
  signal: AbortSignal,
): Promise<OverflowSizes | null> {
  const conversation = withSystem(messages, endpoint.system);
  if (window === null || estimatedTokens(conversation) * surelyFits + maxTokens <= window - margin)
    return null;
  const prompt = await countTokens(conversation, signal);
  return prompt === null ? null : { prompt, window };
}

/** Answer tokens to ask for when `maxTokens` are too many, or why there is no use in asking. */
export function fittingTokens(
  request: SampleRequest,
  maxTokens: number,
  { prompt, window }: OverflowSizes,
  detail: string,
): number | AttemptFailure {
  if (prompt === null || window === null) return failed("overflow", detail, "never");
  const room = roomBeside(prompt, window);
  if (room >= leastTokens(request) && room < maxTokens) return room;
  const sizes = `${prompt} prompt tokens and at least ${leastTokens(request)} for the answer do not fit the window of ${window}`;
  return failed("overflow", detail === "" ? sizes : `${sizes}: ${detail}`, "never");
}
