import { RepairError } from "../../domain/errors.ts";
import type { Usage } from "../../domain/transcript.ts";

/** `usage`: what was written by then, null when nothing was. */
export const cancelled = (signal: AbortSignal, usage: Usage | null = null): RepairError =>
  new RepairError("cancelled", "the model call was cancelled", {
    cause: signal.reason,
    ...(usage === null ? {} : { data: { usage } }),
  });

/** The promise's value, or RepairError `cancelled` as soon as `signal` aborts. */
export function unlessCancelled<T>(signal: AbortSignal, start: () => Promise<T>): Promise<T> {
  if (signal.aborted) return Promise.reject(cancelled(signal));
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(cancelled(signal));
    signal.addEventListener("abort", abort, { once: true });
    start()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", abort));
  });
}
