import { setTimeout as sleep } from "node:timers/promises";
import { asRepairError } from "../../domain/errors.ts";

/** How long a database that is away is asked again, in milliseconds. */
export type PatienceLimits = {
  readonly longestMs: number;
  /** Whoever waits has little time left from then on. */
  readonly signal: AbortSignal;
};

/** Milliseconds before the first repetition, and at most before any. */
const pauses = { first: 50, longest: 2_000 };
const shortMs = 1_500;

/**
 * Does what may be done twice until the database is there. The time counts from the first of all failures in a row: many
 * that wait for the same database do not wait one after the other.
 */
export function createPatience({
  longestMs,
  signal,
}: PatienceLimits): <T>(work: () => Promise<T>) => Promise<T> {
  let away: number | null = null;
  return async (work) => {
    for (let pause = pauses.first; ; pause = Math.min(pause * 3, pauses.longest)) {
      try {
        const result = await work();
        away = null;
        return result;
      } catch (error) {
        if (asRepairError(error).code !== "store-unavailable") throw error;
        const now = performance.now();
        away ??= now;
        if (now - away >= (signal.aborted ? shortMs : longestMs)) throw error;
        await sleep(pause);
      }
    }
  };
}
