import type { Agent } from "undici";
import type { Endpoint } from "./endpoint.ts";
import { ask } from "./probe-request.ts";
import { isHealthy } from "./server-health.ts";

/** What a server says of its work beside its answers. */
export type ServerWork =
  /** Nothing: neither its counters nor its health. */
  | { readonly kind: "silent" }
  /** It is there, and does not tell. */
  | { readonly kind: "untold" }
  /** Nothing runs there, and nothing waits. */
  | { readonly kind: "idle" }
  /** `progress` becomes another text with every step of its engine; null where its counters do not show steps. */
  | { readonly kind: "busy"; readonly progress: string | null };

const requests =
  /^(?:vllm:num_requests_(?:running|waiting)|sglang:num_(?:running|queue)_reqs|llamacpp:requests_(?:processing|deferred))(?:\{.*\})? (\S+)$/gm;
/** Of the engines known here only vLLM counts tokens as it computes them; the others do at the end of a prompt or an answer. */
const computed = /^vllm:(?:prompt|generation)_tokens_total(?:\{.*\})? (\S+)$/gm;

/** Asks for `/metrics`, which a busy server may be slow to give, and for `/health` where that says nothing. */
export async function serverWork(
  endpoint: Endpoint,
  dispatcher: Agent,
  timeoutMs: number,
): Promise<ServerWork> {
  const { signal } = new AbortController();
  const metrics = await ask(endpoint, dispatcher, { path: "/metrics", root: true, timeoutMs }, signal);
  if (metrics === null) {
    const isThere = await isHealthy(endpoint, dispatcher, timeoutMs);
    return { kind: isThere ? "untold" : "silent" };
  }
  const counts = metrics.status === 200 ? numbersIn(metrics.text, requests) : [];
  if (counts.length === 0) return { kind: "untold" };
  if (counts.every((count) => Number(count) === 0)) return { kind: "idle" };
  const steps = numbersIn(metrics.text, computed);
  return { kind: "busy", progress: steps.length === 0 ? null : steps.join(" ") };
}

const numbersIn = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].flatMap(([, number]) => number ?? []);
