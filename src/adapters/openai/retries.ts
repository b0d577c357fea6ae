import type { AttemptFailure } from "./failure.ts";

export type Retries = {
  /** How often a failed attempt is repeated at most. */
  readonly count: number;
  /** Back-off grows from `baseMs` to `capMs`, with full jitter. */
  readonly baseMs: number;
  readonly capMs: number;
  /** The longest wait a server may ask for. */
  readonly retryAfterCapMs: number;
};

export const defaultRetries: Retries = { count: 4, baseMs: 500, capMs: 20_000, retryAfterCapMs: 30_000 };

/** How many more attempts `result` deserves after `tried` repetitions. */
export function retriesLeft(result: AttemptFailure, tried: number, retries: Retries): number {
  if (result.kind === "misconfigured") return 0;
  if (result.kind === "unreachable" || result.retry === "always") return retries.count - tried;
  return result.retry === "once" ? Math.min(1, retries.count) - tried : 0;
}

/** Wait before the next attempt, in milliseconds. */
export function backOffMs(result: AttemptFailure, tried: number, retries: Retries): number {
  const jittered = Math.random() * Math.min(retries.capMs, retries.baseMs * 2 ** tried);
  const asked = result.kind === "failed" ? (result.retryAfterMs ?? 0) : 0;
  return Math.max(jittered, Math.min(asked, retries.retryAfterCapMs));
}
