import pLimit from "p-limit";
import { RepairError } from "../domain/errors.ts";

/** Places for jobs that run at the same time, numbered from 0. */
export type Slots = {
  /** Waits for a place. Throws RepairError `cancelled` as soon as `signal` aborts while it waits. */
  use<T>(signal: AbortSignal, work: (slot: number) => Promise<T>): Promise<T>;
};

export function createSlots(count: number): Slots {
  const limit = pLimit(count);
  const free = Array.from({ length: count }, (_, index) => count - 1 - index);
  return {
    async use(signal, work) {
      throwIfAborted(signal);
      let started = false;
      const queued = limit(async () => {
        throwIfAborted(signal);
        started = true;
        const slot = free.pop() ?? 0;
        try {
          return await work(slot);
        } finally {
          free.push(slot);
        }
      });
      return unlessAborted(queued, signal, () => started);
    },
  };
}

/** Throws RepairError `cancelled`. */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled();
}

export const cancelled = (): RepairError => new RepairError("cancelled", "The sandbox job was cancelled.");

function unlessAborted<T>(queued: Promise<T>, signal: AbortSignal, started: () => boolean): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => {
      if (!started()) reject(cancelled());
    };
    signal.addEventListener("abort", onAbort, { once: true });
    queued.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
