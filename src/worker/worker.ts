import { asRepairError, type RepairError } from "../domain/errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { JobQueue } from "../ports/job-queue.ts";
import type { Logger } from "../ports/logger.ts";
import type { Claim, RunStore } from "../ports/run-store.ts";

export type WorkerDependencies = {
  readonly runs: RunStore;
  readonly queue: JobQueue;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Names this process in claims. */
  readonly owner: string;
  readonly concurrency: number;
  readonly handleDelivery: (deliveryId: string) => Promise<void>;
  readonly executeRun: (claim: Claim, signal: AbortSignal) => Promise<void>;
};

/** Milliseconds between two looks at whether a run was cancelled. */
const heartbeat = 1_000;

/**
 * Takes deliveries and runs from the queue until it is stopped. Stopping aborts what is under way with the reason
 * `shutdown`; such runs go back to the queue and lose no finished step.
 */
export async function startWorker(deps: WorkerDependencies): Promise<{ stop(): Promise<void> }> {
  const shutdown = new AbortController();
  await deps.queue.work("delivery", 4, deps.handleDelivery);
  await deps.queue.work("run", deps.concurrency, async (runId) => {
    const claim = await deps.runs.claim(runId, deps.owner);
    if (claim === null) return;
    deps.logger.info({ runId, attempt: claim.run.attempt, fence: claim.fence }, "run claimed");
    await workClaim(deps, claim, shutdown.signal);
  });
  return {
    async stop() {
      shutdown.abort(new Error("shutdown"));
      await deps.queue.stop();
    },
  };
}

async function workClaim(deps: WorkerDependencies, claim: Claim, shutdown: AbortSignal): Promise<void> {
  const cancel = new AbortController();
  const watch = new AbortController();
  const watching = watchCancel(deps, claim, cancel, watch.signal);
  try {
    await deps.executeRun(claim, AbortSignal.any([shutdown, cancel.signal]));
  } catch (error) {
    await endThrown(deps, claim, asRepairError(error), shutdown);
  } finally {
    watch.abort();
    await watching;
  }
  const ended = await deps.runs.run(claim.run.id);
  deps.logger.info({ runId: claim.run.id, state: ended?.state ?? null }, "run ended");
}

/**
 * A run whose execution threw instead of ending must not stay `running`: nobody would take it up before the next boot.
 * It fails, because trying again would meet the same defect; at shutdown it goes back to the queue.
 */
async function endThrown(
  deps: WorkerDependencies,
  claim: Claim,
  error: RepairError,
  shutdown: AbortSignal,
): Promise<void> {
  const { code, message } = error;
  deps.logger.error({ runId: claim.run.id, code, error: message }, "the execution of a run threw");
  if (shutdown.aborted) await deps.runs.release(claim);
  else if (code !== "lease-lost") await deps.runs.advance(claim, { at: "failed", code });
}

async function watchCancel(
  deps: WorkerDependencies,
  claim: Claim,
  cancel: AbortController,
  ended: AbortSignal,
): Promise<void> {
  while (!ended.aborted) {
    try {
      await deps.clock.sleep(heartbeat, ended);
      const by = await deps.runs.cancelRequested(claim);
      if (by === null) continue;
      cancel.abort(new Error(`cancelled by ${by}`));
      return;
    } catch (error) {
      if (ended.aborted) return;
      deps.logger.warn({ runId: claim.run.id, error: asRepairError(error).message }, "heartbeat failed");
    }
  }
}
