import type { RepairError } from "../domain/errors.ts";
import type { ErrorCode } from "../domain/error-catalogue.ts";
import type { Postponement } from "../domain/run.ts";

/** What passes by itself: a run waits for it, since its finished steps are kept. */
const passing: ReadonlySet<ErrorCode> = new Set([
  "forge-unavailable",
  "inference-unreachable",
  "sandbox-unavailable",
  "store-unavailable",
]);

/** Minutes before the next try; an outage of more than all of them together fails the run. */
const waits = [0.5, 1, 2, 5, 15, 30, 60, 120] as const;

/** What a forge asks for (`data.retryAfter`, seconds), within what a run ever waits at once. */
function askedFor({ data }: RepairError): number {
  const seconds = data["retryAfter"];
  return typeof seconds === "number" ? Math.min(seconds / 60, Math.max(...waits)) : 0;
}

/** When a run that met `error` is tried again, null when waiting does not help (any more). Times in milliseconds. */
export function postponementFor(error: RepairError, postponements: number, now: number): Postponement | null {
  const minutes = waits[postponements];
  if (minutes === undefined || !passing.has(error.code)) return null;
  return { until: now + Math.max(minutes, askedFor(error)) * 60_000, code: error.code };
}
