import { asRepairError } from "../domain/errors.ts";
import type { Logger } from "../ports/logger.ts";
import { Interrupted } from "./run-control.ts";

/**
 * Does something on the forge that is not worth a run's result: an error is only logged, under `failed`. Throws when the run is
 * not this worker's any more, or breaks off.
 */
export async function ifPossible(
  logger: Logger,
  about: { readonly runId: string; readonly failed: string },
  work: () => Promise<unknown>,
): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    const error = asRepairError(thrown);
    if (error.code === "lease-lost" || error.cause instanceof Interrupted) throw error;
    logger.warn({ runId: about.runId, code: error.code, error: error.message }, about.failed);
  }
}
