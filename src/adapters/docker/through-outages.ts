import { setTimeout as delay } from "node:timers/promises";
import { throwIfAborted, unlessAborted } from "../../driver/slots.ts";
import type { Logger } from "../../ports/logger.ts";
import type { Engine } from "./engine.ts";
import { engineError, isOutage } from "./engine-errors.ts";

/** Tries of something that the engine refused or broke while it answered. */
const tries = 2;
const pauseMs = 500;

/**
 * Does `work` again when the engine went away in the middle of it, from the moment it answers again, for at most its
 * patience after the first such failure; other failures of the machinery are tried once more. Throws RepairError
 * `sandbox-unavailable`, `sandbox-failed` or what `work` says about itself.
 */
export async function throughOutages<T>(
  engine: Engine,
  doing: string,
  work: () => Promise<T>,
  logger: Logger,
  signal: AbortSignal,
): Promise<T> {
  let failures = 0;
  let since: number | null = null;
  for (;;) {
    throwIfAborted(signal);
    try {
      return await work();
    } catch (error) {
      throwIfAborted(signal);
      const failure = engineError(error, doing);
      if (isOutage(error)) {
        since ??= performance.now();
        const left = since + engine.patience.outageMs - performance.now();
        logger.warn({ doing, error: failure, patienceMs: Math.round(left) }, "the Docker engine went away");
        if (!(await answersWithin(engine, left, signal))) throw failure;
      } else {
        failures += 1;
        if (failure.code !== "sandbox-failed" || failures >= tries) throw failure;
        logger.warn({ doing, error: failure }, "the sandbox failed and is tried once more");
      }
    }
  }
}

/** Waits until the engine answers, at least one pause long; false when that takes longer than `patienceMs`. */
async function answersWithin(engine: Engine, patienceMs: number, signal: AbortSignal): Promise<boolean> {
  const end = performance.now() + patienceMs;
  while (performance.now() < end) {
    await unlessAborted(delay(Math.min(pauseMs, patienceMs)), signal);
    const answered = await unlessAborted(
      engine
        .call("being asked whether it is there", () => engine.docker.ping())
        .then(
          () => true,
          () => false,
        ),
      signal,
    );
    if (answered) return true;
  }
  return false;
}
