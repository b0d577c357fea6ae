import { RepairError } from "../domain/errors.ts";
import { throwIfAborted, unlessAborted } from "./slots.ts";

/** Builds of the same key share one run of `work`. */
export type SharedBuilds<T> = {
  /**
   * The value of `work`, or of the one that runs for this key already (`shared`). When that one is cancelled by its own
   * caller, the next one that waits takes over. Throws what `work` throws, and `cancelled` when `signal` aborts.
   */
  share(
    key: string,
    signal: AbortSignal,
    work: () => Promise<T>,
  ): Promise<{ readonly value: T; readonly shared: boolean }>;
};

export function createSharedBuilds<T>(): SharedBuilds<T> {
  const running = new Map<string, Promise<T>>();
  return {
    async share(key, signal, work) {
      for (;;) {
        throwIfAborted(signal);
        const first = running.get(key);
        if (first === undefined) {
          const own = work();
          running.set(key, own);
          try {
            return { value: await own, shared: false };
          } finally {
            running.delete(key);
          }
        }
        try {
          return { value: await unlessAborted(first, signal), shared: true };
        } catch (error) {
          throwIfAborted(signal);
          if (!(error instanceof RepairError) || error.code !== "cancelled") throw error;
        }
      }
    },
  };
}
