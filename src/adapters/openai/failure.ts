import type { SampleFailure } from "../../ports/inference-client.ts";
import { quoteServer } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import { overflowIn } from "./overflow.ts";
import type { OverflowSizes } from "./overflow.ts";
import { messageOf, retryAfterOf } from "./refusal.ts";
import type { Refusal } from "./refusal.ts";

/** Why one attempt gave no answer, and what that means for the next one. */
export type AttemptFailure =
  | {
      readonly kind: "failed";
      readonly failure: SampleFailure;
      readonly retry: "never" | "once" | "always";
      /** Wait that the server asked for, in milliseconds. */
      readonly retryAfterMs: number | null;
    }
  /** Prompt and answer do not fit the window together. */
  | { readonly kind: "overflow"; readonly sizes: OverflowSizes; readonly detail: string }
  /** The server does not take the request as it is; it may take another. */
  | { readonly kind: "unwanted"; readonly status: number; readonly detail: string }
  | { readonly kind: "unreachable"; readonly detail: string }
  | { readonly kind: "misconfigured"; readonly detail: string };

export const failed = (
  reason: SampleFailure["reason"],
  detail: string,
  retry: "never" | "once" | "always",
  retryAfterMs: number | null = null,
): AttemptFailure => ({ kind: "failed", failure: { reason, detail }, retry, retryAfterMs });

/** What a value thrown by the SDK or the connection means; `refusal` is the answer with an error status, if there was one. */
export function failureOf(error: unknown, endpoint: Endpoint, refusal: Refusal | null): AttemptFailure {
  if (refusal !== null) return refused(refusal, endpoint);
  const cause = deepestCause(error);
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : cause.name;
  const detail = quoteServer(`${code}: ${cause.message}`, endpoint);
  if (unreachableCodes.has(code)) return { kind: "unreachable", detail };
  if (wrongProtocol.test(code)) return { kind: "misconfigured", detail };
  return failed("transport", detail, "always");
}

/** An error that came as an event of the stream, under status 200; `whole` is all of the event. */
export function errorEvent(message: string, whole: string, endpoint: Endpoint): AttemptFailure {
  const detail = quoteServer(message, endpoint);
  const sizes = overflowIn(`${message} ${whole}`);
  if (sizes !== null) return { kind: "overflow", sizes, detail };
  return failed("server", `error event: ${detail}`, "once");
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
/** Statuses of a request that is wrong for this server, be it in its form or in what it asks for. */
const unwantedStatus: ReadonlySet<number> = new Set([400, 422, 501]);

function refused({ status, body, headers }: Refusal, endpoint: Endpoint): AttemptFailure {
  const message = messageOf(body);
  const words = message.trim() === "" ? "without a word" : message;
  const detail = quoteServer(`${status} ${words}`, endpoint);
  const sizes = overflowIn(body);
  if (sizes !== null) return { kind: "overflow", sizes, detail };
  if (status === 413) return { kind: "overflow", sizes: { prompt: null, window: null }, detail };
  if (overloadStatus.has(status)) return failed("overload", detail, "always", retryAfterOf(headers));
  if (unwantedStatus.has(status)) return { kind: "unwanted", status, detail };
  if (status < 500) return { kind: "misconfigured", detail: `answered ${detail}` };
  return failed("server", detail, "once");
}

const longestChain = 6;

/** The SDK and fetch wrap what really happened. */
function deepestCause(error: unknown): Error {
  let at = error instanceof Error ? error : new Error(String(error));
  for (let depth = 0; depth < longestChain && at.cause instanceof Error; depth += 1) at = at.cause;
  return at;
}
