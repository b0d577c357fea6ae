import type { AttemptFailure } from "./failure.ts";

export type Retries = {
  /** How often a failed attempt is repeated at most. */
  readonly count: number;
  /** Back-off grows from `baseMs` to `capMs`, with full jitter. */
  readonly baseMs: number;
  readonly capMs: number;
  /** The longest wait a server may ask for. */
  readonly retryAfterCapMs: number;
  /** Repeated requests that every run may make, however few it has made altogether: a restart of the server breaks all that it works on. */
  readonly floor: number;
};

export const defaultRetries: Retries = {
  count: 4,
  baseMs: 500,
  capMs: 20_000,
  retryAfterCapMs: 30_000,
  floor: 64,
};

/** How many more attempts `result` deserves after `tried` repetitions. */
export function retriesLeft(result: AttemptFailure, tried: number, retries: Retries): number {
  if (result.kind === "unreachable") return retries.count - tried;
  if (result.kind !== "failed" || result.retry === "never") return 0;
  return (result.retry === "once" ? Math.min(1, retries.count) : retries.count) - tried;
}

/** Wait before the next attempt, in milliseconds. A connection that broke is made again at once, the first time. */
export function backOffMs(result: AttemptFailure, tried: number, retries: Retries): number {
  const reason = result.kind === "failed" ? result.failure.reason : null;
  if (tried === 0 && (reason === "transport" || reason === "protocol")) return 0;
  const jittered = Math.random() * Math.min(retries.capMs, retries.baseMs * 2 ** tried);
  const asked = result.kind === "failed" ? (result.retryAfterMs ?? 0) : 0;
  return Math.max(jittered, Math.min(asked, retries.retryAfterCapMs));
}
