import type { Clock } from "../ports/clock.ts";
import { Interrupted, type RunControl } from "./run-control.ts";

/** A run that was asked to finish has this part of its time more before it is broken off. */
const grace = 0.25;

/**
 * The control of a run that may take `minutes` since `startedAt`: then it is asked to finish with the best it has, and a
 * quarter of the time later it is broken off. `end` must be called when the run has ended.
 */
export function limitRunTime(
  clock: Clock,
  control: RunControl,
  { minutes, startedAt }: { readonly minutes: number; readonly startedAt: number },
): RunControl & { end(): void } {
  if (!Number.isFinite(minutes)) return { ...control, end: () => {} };
  const ended = new AbortController();
  const stop = new AbortController();
  const abort = new AbortController();
  const watch = async (): Promise<void> => {
    const left = startedAt + minutes * 60_000 - clock.now();
    // clocks jump: it never gets more than all of its time
    await clock.sleep(Math.min(minutes * 60_000, Math.max(0, left)), ended.signal);
    stop.abort(new Error(`its limit of ${minutes} minutes was reached`));
    await clock.sleep(minutes * 60_000 * grace, ended.signal);
    abort.abort(new Interrupted({ kind: "too-long", minutes }));
  };
  watch().catch(() => undefined);
  return {
    signal: AbortSignal.any([control.signal, abort.signal]),
    stop: AbortSignal.any([control.stop, stop.signal]),
    end: () => ended.abort(),
  };
}
