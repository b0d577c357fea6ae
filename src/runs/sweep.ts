import { asRepairError } from "../domain/errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { Logger } from "../ports/logger.ts";
import type { RunStore } from "../ports/run-store.ts";

export type SweepDependencies = {
  readonly runs: Pick<RunStore, "takeDuty">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly reconcile: () => Promise<unknown>;
};

/** Between two sweeps of all processes together, in milliseconds. */
const everyMs = 5 * 60_000;
/** Processes that start together sweep once; one that starts after a crash does not wait for the dead one's turn to pass. */
const togetherMs = 20_000;

/**
 * Sweeps now and every five minutes, in one process of all that share the store. Stopping does not wait for a sweep
 * that hangs: whatever it leaves undone the next one finds.
 */
export function startSweep(deps: SweepDependencies): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const stopped = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));

  async function once(duty: string, forMs: number): Promise<void> {
    try {
      if (await deps.runs.takeDuty(duty, forMs)) await deps.reconcile();
    } catch (error) {
      if (!signal.aborted)
        deps.logger.warn({ error: asRepairError(error).message }, "the look for lost deliveries failed");
    }
  }

  async function loop(): Promise<void> {
    await once("reconcile at start", togetherMs);
    for (;;) {
      await deps.clock.sleep(everyMs, signal).catch(() => {});
      if (signal.aborted) return;
      // a little less, so that a process whose own time is up never finds its last duty still taken
      await once("reconcile", everyMs * 0.95);
    }
  }

  const ended = loop();
  return {
    async stop() {
      stopping.abort(new Error("shutdown"));
      await Promise.race([ended, stopped]);
    },
  };
}
