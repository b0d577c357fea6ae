import type { Clock } from "../../src/ports/clock.ts";

type Sleeper = { readonly until: number; wake(): void };

/** Time that moves only when told to, or when everybody sleeps: then it jumps to the next sleeper's end. */
export type FixedClock = Clock & { advance(milliseconds: number): void };

export function createFixedClock(start: number = Date.UTC(2026, 0, 1)): FixedClock {
  let now = start;
  let sleepers: readonly Sleeper[] = [];
  let scheduled = false;

  function wakeUntil(time: number): void {
    now = Math.max(now, time);
    const due = sleepers.filter(({ until }) => until <= now);
    sleepers = sleepers.filter(({ until }) => until > now);
    for (const sleeper of due.toSorted((a, b) => a.until - b.until)) sleeper.wake();
  }

  /** One step per turn of the event loop, so that whoever wakes up can act before time goes on. */
  function schedule(): void {
    if (scheduled || sleepers.length === 0) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      if (sleepers.length === 0) return;
      wakeUntil(Math.min(...sleepers.map(({ until }) => until)));
      schedule();
    });
  }

  return {
    now: () => now,
    advance: (milliseconds) => wakeUntil(now + milliseconds),
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) return reject(signal.reason as Error);
        const abort = (): void => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          reject(signal?.reason as Error);
        };
        const sleeper: Sleeper = {
          until: now + milliseconds,
          wake() {
            signal?.removeEventListener("abort", abort);
            resolve();
          },
        };
        signal?.addEventListener("abort", abort, { once: true });
        sleepers = [...sleepers, sleeper];
        schedule();
      }),
  };
}
