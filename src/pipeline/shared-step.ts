import { asRepairError } from "../domain/errors.ts";

const tries = 4;

/**
 * The value of a step that others may be waiting for as well. Where it was another one's work and that one was called off, it
 * is begun once more for this one.
 */
export async function sharedStep<T>(signal: AbortSignal, step: () => Promise<T>): Promise<T> {
  for (let left = tries - 1; ; left -= 1) {
    try {
      return await step();
    } catch (error) {
      const byAnother = asRepairError(error).code === "cancelled" && !signal.aborted;
      if (!byAnother || left === 0) throw error;
    }
  }
}
