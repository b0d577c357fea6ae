import type { z } from "zod";

/**
 * Durable steps of one run, keyed by name and inputs (not by their order): a step that finished is never paid again.
 */
export interface Journal {
  /**
   * The stored value of `name` with these `inputs`, or the value of `work`, stored before it is returned.
   * `inputs` is hashed; a changed input is another step. Values must survive JSON.
   */
  step<T>(name: string, inputs: unknown, schema: z.ZodType<T>, work: () => Promise<T>): Promise<T>;
  /** Waits until everything that has been worked out by now is stored, or cannot be. Asked before the claim is given up. */
  settled(): Promise<void>;
}
