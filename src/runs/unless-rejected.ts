import { asRepairError } from "../domain/errors.ts";
import type { Logger } from "../ports/logger.ts";

/** Does what nobody waits for: a forge that refuses it would refuse it again, so that is only logged. */
export async function unlessRejected(logger: Logger, what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const { code, message } = asRepairError(error);
    if (code !== "forge-rejected") throw error;
    logger.warn({ error: message }, `${what} was refused`);
  }
}
