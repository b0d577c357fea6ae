import { createEventQueue } from "./event-queue.ts";
import type { Timeline } from "./timeline.ts";

export type ScaledTimeline = Timeline & { stop(): void };

/**
 * Real time, scaled: at 1 a millisecond takes a millisecond, at 0.01 a hundredth. At 0 nothing takes any time, and
 * events come one after the other as fast as the process can run them.
 */
export function createScaledTimeline(timeScale: number): ScaledTimeline {
  const queue = createEventQueue();
  const startedAt = performance.now();
  let reached = 0;
  let inEvent = false;
  let disarm = (): void => undefined;
  const realNow = (): number => (timeScale === 0 ? reached : (performance.now() - startedAt) / timeScale);

  const arm = (): void => {
    disarm();
    const next = queue.peek();
    if (next === null) return;
    const waitMs = (next.time - realNow()) * timeScale;
    if (waitMs < 1) {
      const immediate = setImmediate(fire);
      disarm = () => clearImmediate(immediate);
    } else {
      const timer = setTimeout(fire, waitMs);
      disarm = () => clearTimeout(timer);
    }
  };
  // One event per turn, so that requests and hang-ups get in between even when the events are behind.
  const fire = (): void => {
    const next = queue.peek();
    if (next !== null && (timeScale === 0 || next.time <= realNow() + 1 / timeScale)) {
      queue.take();
      reached = Math.max(reached, next.time);
      inEvent = true;
      try {
        next.run?.();
      } finally {
        inEvent = false;
      }
    }
    arm();
  };
  return {
    // Inside an event it is the event's time, however late the event ran, so that delays do not add up.
    now: () => (inEvent ? reached : Math.max(reached, realNow())),
    at(time, event) {
      const cancel = queue.add(time, event);
      if (!inEvent) arm();
      return cancel;
    },
    stop: () => disarm(),
  };
}
