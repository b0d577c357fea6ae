import { fetch } from "undici";
import type { Agent } from "undici";
import type { Endpoint } from "./endpoint.ts";

/** What a server said to a question beside any run. */
export type ProbeAnswer = { readonly status: number; readonly text: string };

export type ProbeRequest = {
  /** Below the base URL, or below the server's root for what lies beside `/v1`. */
  readonly path: string;
  readonly root?: boolean;
  /** Sent by POST as JSON; without it, GET. */
  readonly body?: unknown;
  readonly timeoutMs: number;
};

const largestAnswer = 4 * 1024 * 1024;

/** Null when there is no whole answer: not reachable, too late, too large. Never throws, not even when `signal` aborts. */
export async function ask(
  endpoint: Endpoint,
  dispatcher: Agent,
  request: ProbeRequest,
  signal: AbortSignal,
): Promise<ProbeAnswer | null> {
  const { path, root = false, body, timeoutMs } = request;
  try {
    const response = await fetch((root ? rootOf(endpoint) : endpoint.baseUrl) + path, {
      dispatcher,
      redirect: "manual",
      method: body === undefined ? "GET" : "POST",
      headers: headersOf(endpoint),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    const decoder = new TextDecoder();
    let text = "";
    for await (const piece of response.body ?? []) {
      text += decoder.decode(piece, { stream: true });
      if (text.length > largestAnswer) return null;
    }
    return { status: response.status, text };
  } catch {
    return null;
  }
}

/** Where `/health`, `/tokenize` and `/metrics` lie. */
export const rootOf = (endpoint: Endpoint): string => endpoint.baseUrl.replace(/\/v1$/, "");

export const headersOf = (endpoint: Endpoint): Record<string, string> => ({
  "content-type": "application/json",
  ...(endpoint.apiKey === null ? {} : { authorization: `Bearer ${endpoint.apiKey}` }),
});

export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
