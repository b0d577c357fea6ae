import type { ChatMessage } from "../../domain/transcript.ts";
import type { SampleRequest } from "../../ports/inference-client.ts";
import type { Endpoint } from "./endpoint.ts";

/** What one request asks for: samples with neighbouring indices and seeds, as the choices of the first one's question. */
export type Question = {
  readonly requests: readonly [SampleRequest, ...SampleRequest[]];
  readonly endpoint: Endpoint;
  readonly maxTokens: number;
  /** Whether the server takes the `priority` field. */
  readonly prioritized: boolean;
};

/**
 * All sampling fields are explicit, because servers otherwise take them from the checkpoint's own defaults. vLLM gives
 * choice i of a request the seed `seed` + i. For several choices each chunk is asked for its choice's token count
 * (`continuous_usage_stats` of vLLM and SGLang), which otherwise comes when all have ended, and then as their sum.
 */
export function bodyOf({ requests, endpoint, maxTokens, prioritized }: Question) {
  const [first] = requests;
  const several = requests.length > 1;
  return {
    model: endpoint.model,
    messages: withSystem(first.messages, endpoint.system),
    temperature: first.temperature,
    top_p: first.topP,
    top_k: -1,
    repetition_penalty: 1,
    presence_penalty: 0,
    frequency_penalty: 0,
    max_tokens: maxTokens,
    seed: first.seed,
    n: requests.length,
    ...(endpoint.think === undefined ? {} : { chat_template_kwargs: { enable_thinking: endpoint.think } }),
    ...(prioritized ? { priority: first.priority } : {}),
    stream: true as const,
    stream_options: { include_usage: true, ...(several ? { continuous_usage_stats: true } : {}) },
  };
}

export function withSystem(messages: readonly ChatMessage[], system: string | null): ChatMessage[] {
  if (system === null || messages[0]?.role === "system") return [...messages];
  return [{ role: "system", content: system }, ...messages];
}

/** `stage/index/attempt`: a sample's name within its run. */
export const sampleName = ({ stage, index, attempt }: SampleRequest): string =>
  `${stage}/${index}/${attempt}`;

/** Headers for routers and recordings; both names are settings. */
export const headersOf = (
  first: SampleRequest,
  affinity: string,
  names: { readonly sampleHeader: string; readonly affinityHeader: string | null },
): Record<string, string> => ({
  [names.sampleHeader]: sampleName(first),
  ...(names.affinityHeader === null ? {} : { [names.affinityHeader]: affinity }),
});
