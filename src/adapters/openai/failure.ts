import { APIConnectionError, APIError } from "openai";
import type { SampleFailure } from "../../ports/inference-client.ts";
import { quoteServer } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import { isOverflow } from "./overflow.ts";

/** Why one attempt gave no answer, and what that means for the next one. */
export type AttemptFailure =
  | {
      readonly kind: "failed";
      readonly failure: SampleFailure;
      readonly retry: "never" | "once" | "always";
      /** Wait that the server asked for, in milliseconds. */
      readonly retryAfterMs: number | null;
    }
  | { readonly kind: "unreachable"; readonly detail: string }
  | { readonly kind: "misconfigured"; readonly detail: string };

export const failed = (
  reason: SampleFailure["reason"],
  detail: string,
  retry: "never" | "once" | "always",
  retryAfterMs: number | null = null,
): AttemptFailure => ({ kind: "failed", failure: { reason, detail }, retry, retryAfterMs });

/** What a value thrown by the SDK means. */
export function failureOf(error: unknown, endpoint: Endpoint): AttemptFailure {
  if (error instanceof APIError && !(error instanceof APIConnectionError)) return refused(error, endpoint);
  if (error instanceof SyntaxError) return failed("protocol", "the server sent malformed JSON", "always");
  const cause = deepestCause(error);
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : cause.name;
  const detail = quoteServer(`${code}: ${cause.message}`, endpoint);
  if (unreachableCodes.has(code)) return { kind: "unreachable", detail };
  if (wrongProtocol.test(code) || cause.message === "bad port") return { kind: "misconfigured", detail };
  return failed("transport", detail, "always");
}

const wrongProtocol = /CERT|SSL|TLS|SELF_SIGNED|EPROTO|^HTTPParserError$/;

const unreachableCodes: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETIMEDOUT",
  "UND_ERR_CONNECT_TIMEOUT",
]);

const overloadStatus: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);

function refused(error: APIError, endpoint: Endpoint): AttemptFailure {
  const { status } = error;
  const text = `${error.message} ${JSON.stringify(error.error ?? "")}`;
  const detail = quoteServer(error.message, endpoint);
  if (isOverflow(text) || status === 413) return failed("overflow", detail, "never");
  if (status === undefined) return failed("server", `error event: ${detail}`, "once");
  if (overloadStatus.has(status)) return failed("overload", detail, "always", retryAfter(error.headers));
  if (status === 422) return failed("protocol", detail, "never");
  if (status < 500 || status === 501) return { kind: "misconfigured", detail: `answered ${detail}` };
  return failed("server", detail, "once");
}

/** Milliseconds of a Retry-After header in seconds; dates are not worth their clock skew and count as absent. */
function retryAfter(headers: Headers | undefined): number | null {
  const seconds = Number(headers?.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}

const longestChain = 6;

/** The SDK and fetch wrap what really happened. */
function deepestCause(error: unknown): Error {
  let at = error instanceof Error ? error : new Error(String(error));
  for (let depth = 0; depth < longestChain && at.cause instanceof Error; depth += 1) at = at.cause;
  return at;
}
