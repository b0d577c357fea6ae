import { setTimeout as realDelay } from "node:timers/promises";
import { RepairError } from "../../domain/errors.ts";
import type { Clock } from "../../ports/clock.ts";
import { createEventQueue, type EventQueue } from "./event-queue.ts";
import { createQuietWatch, type QuietWatch } from "./quiet.ts";
import type { Timeline } from "./timeline.ts";

/**
 * Virtual time for real asynchronous code. It moves only inside `run` or `untilIdle`, from event to event, and only
 * while that code has nothing to do but wait for it (see `createQuietWatch`).
 */
export type VirtualClock = Clock &
  Timeline & {
    /**
     * Runs `work` in virtual time and gives its result. Throws RepairError `internal` when the work waits for
     * something that is neither an event of this clock nor `outside` work.
     */
    run<T>(work: () => Promise<T>): Promise<T>;
    /** Runs all events there are, and those that follow from them. */
    untilIdle(): Promise<void>;
    /** Stops time until `work` has ended: for real work that Node does not list (zlib, crypto, WebAssembly, sockets). */
    outside<T>(work: Promise<T>): Promise<T>;
  };

/** The first of January 2026, so that dates made from virtual time look like dates. */
const defaultStart = Date.UTC(2026, 0, 1);
/** Real time given to work that waits for no event, before it counts as stuck. */
const graceMs = 1_000;
const graceStepMs = 20;

export function createVirtualClock(startAt: number = defaultStart): VirtualClock {
  const queue = createEventQueue();
  const watch = createQuietWatch();
  let now = startAt;
  let driven = false;

  /** False when there is no event. */
  const step = async (): Promise<boolean> => {
    for (;;) {
      const event = queue.take();
      if (event === null) return false;
      now = Math.max(now, event.time);
      if (event.run?.() !== "woke") continue;
      await watch.untilQuiet();
      return true;
    }
  };
  const drive = async (isDone: () => boolean): Promise<void> => {
    if (driven) throw new RepairError("internal", "a virtual clock can be driven from one place only");
    driven = true;
    try {
      await watch.untilQuiet();
      while (!isDone()) {
        if (await step()) continue;
        if (!isDone() && !(await comesLater(queue, watch, isDone))) return;
      }
    } finally {
      driven = false;
    }
  };

  return {
    now: () => now,
    at: (time, event) => queue.add(Math.max(time, now), event),
    outside: (work) => watch.outside(work),
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const cancel = queue.add(now + Math.max(0, milliseconds), () => {
          signal?.removeEventListener("abort", abort);
          resolve();
          return "woke";
        });
        const abort = (): void => {
          cancel();
          reject(signal?.reason);
        };
        signal?.addEventListener("abort", abort, { once: true });
      }),
    async run(work) {
      let settled = false;
      const result = work().finally(() => (settled = true));
      // Whoever awaits `result` below sees the rejection; this keeps Node from calling it unhandled before.
      result.catch(() => undefined);
      await drive(() => settled);
      if (settled) return result;
      throw new RepairError("internal", "the work waits for something that is not in virtual time");
    },
    untilIdle: () => drive(() => queue.peek() === null),
  };
}

/** Waits in real time for a new event or the end; false when neither comes. */
async function comesLater(queue: EventQueue, watch: QuietWatch, isDone: () => boolean): Promise<boolean> {
  for (let waited = 0; waited < graceMs; waited += graceStepMs) {
    await realDelay(graceStepMs);
    await watch.untilQuiet();
    if (isDone() || queue.peek() !== null) return true;
  }
  return false;
}
