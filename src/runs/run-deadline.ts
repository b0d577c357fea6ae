import type { TimeLeft } from "../pipeline/budget.ts";
import type { Clock } from "../ports/clock.ts";
import { Interrupted, type RunControl } from "./run-control.ts";

/** A run that was asked to finish has this part of its time more before it is broken off. */
const grace = 0.25;

/** The control of a run whose time is limited. */
export type LimitedControl = RunControl & {
  readonly timeLeft: TimeLeft;
  /** Limits it further: the shortest time counts. */
  tighten(minutes: number): void;
  /** Must be called when the run has ended. */
  end(): void;
};

/**
 * The control of a run that may take `minutes` since `startedAt`: then it is asked to finish with the best it has, and a
 * quarter of the time later it is broken off. Infinity is no limit.
 */
export function limitRunTime(
  clock: Clock,
  control: RunControl,
  { minutes, startedAt }: { readonly minutes: number; readonly startedAt: number },
): LimitedControl {
  const ended = new AbortController();
  const stop = new AbortController();
  const abort = new AbortController();
  const watch = async (minutes: number): Promise<void> => {
    const left = startedAt + minutes * 60_000 - clock.now();
    // clocks jump: it never gets more than all of its time
    await clock.sleep(Math.min(minutes * 60_000, Math.max(0, left)), ended.signal);
    stop.abort(new Error(`its limit of ${minutes} minutes was reached`));
    await clock.sleep(minutes * 60_000 * grace, ended.signal);
    abort.abort(new Interrupted({ kind: "too-long", minutes }));
  };
  let shortest = Infinity;
  const tighten = (minutes: number): void => {
    shortest = Math.min(shortest, minutes);
    if (Number.isFinite(minutes)) watch(minutes).catch(() => undefined);
  };
  tighten(minutes);
  return {
    signal: AbortSignal.any([control.signal, abort.signal]),
    stop: AbortSignal.any([control.stop, stop.signal]),
    timeLeft(needed) {
      const all = shortest * 60_000 * (needed ? 1 + grace : 1);
      return Math.max(0, Math.min(all, startedAt + all - clock.now()));
    },
    tighten,
    end: () => ended.abort(),
  };
}
