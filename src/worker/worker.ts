import { asRepairError } from "../domain/errors.ts";
import type { Limits } from "../domain/limits.ts";
import type { Clock } from "../ports/clock.ts";
import type { JobQueue } from "../ports/job-queue.ts";
import type { Logger } from "../ports/logger.ts";
import type { Claim, RunStore } from "../ports/run-store.ts";
import { Interrupted, interruptOf, type RunControl } from "../runs/run-control.ts";
import { keepAlive } from "./heartbeat.ts";

export type WorkerDependencies = {
  readonly runs: RunStore;
  readonly queue: JobQueue;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Names this process in claims. */
  readonly owner: string;
  /** Runs at work at the same time in this process. */
  readonly concurrency: number;
  readonly limits: Limits;
  readonly leaseMs: number;
  /** How long runs may go on by themselves once the worker stops, in milliseconds. */
  readonly drainMs: number;
  readonly handleDelivery: (deliveryId: string) => Promise<void>;
  readonly executeRun: (claim: Claim, control: RunControl) => Promise<void>;
};

export type Worker = {
  /** Begins nothing more, gives runs `drainMs` to end by themselves, and hands the others back with all they have done. */
  stop(): Promise<void>;
};

/** Milliseconds between two looks for runs that nobody announced: postponed ones, and those of dead workers. */
const lookMs = 5_000;

/** Takes deliveries and runs until it is stopped. Which run it begins is the run store's decision. */
export async function startWorker(deps: WorkerDependencies): Promise<Worker> {
  const { runs, clock, logger } = deps;
  const shutdown = new AbortController();
  const working = new Set<Promise<void>>();
  let draining = false;
  let filling: Promise<void> = Promise.resolve();

  const hasRoom = (): boolean => !draining && working.size < deps.concurrency;

  async function beginRuns(): Promise<void> {
    while (hasRoom()) {
      const claim = await runs.claim(deps.owner, deps.limits);
      if (claim === null) return;
      logger.info({ runId: claim.run.id, attempt: claim.run.attempt, fence: claim.fence }, "run claimed");
      const work = workClaim(deps, claim, shutdown.signal).finally(() => {
        working.delete(work);
        void tryFill();
      });
      working.add(work);
    }
  }

  /** Begins runs while there is room; one caller after the other, so that no place is given away twice. */
  function fill(): Promise<void> {
    const filled = filling.then(beginRuns);
    // the next caller tries again
    filling = filled.catch(() => undefined);
    return filled;
  }

  const tryFill = (): Promise<void> =>
    fill().catch((error: unknown) =>
      logger.warn({ error: asRepairError(error).message }, "no run was begun"),
    );

  async function look(): Promise<void> {
    while (!shutdown.signal.aborted) {
      try {
        await clock.sleep(lookMs, shutdown.signal);
        const recovered = await runs.recover();
        if (recovered > 0) logger.warn({ recovered }, "runs of dead workers wait again");
        await tryFill();
      } catch (error) {
        if (!shutdown.signal.aborted) {
          logger.warn({ error: asRepairError(error).message }, "looking for runs failed");
        }
      }
    }
  }

  await deps.queue.work("delivery", 4, deps.handleDelivery);
  // who begins no runs would only keep the wake-up from those who do
  if (deps.concurrency > 0) await deps.queue.work("run", 1, fill);
  void look();

  return {
    async stop() {
      draining = true;
      // deliveries that take long must not use up the time in which runs are handed over
      const queueStopped = deps.queue.stop();
      queueStopped.catch(() => undefined);
      await filling;
      const waited = new AbortController();
      await Promise.race([
        Promise.all(working),
        clock.sleep(deps.drainMs, waited.signal).catch(() => undefined),
      ]);
      waited.abort();
      if (working.size > 0) logger.info({ runs: working.size }, "runs are handed over");
      shutdown.abort(new Interrupted({ kind: "shutdown" }));
      await Promise.all(working);
      await queueStopped;
    },
  };
}

/** Never throws: what goes wrong is logged, and the lease of a run that cannot be written ends by itself. */
async function workClaim(deps: WorkerDependencies, claim: Claim, shutdown: AbortSignal): Promise<void> {
  const { runs, logger } = deps;
  const runId = claim.run.id;
  let tokens = (): number => 0;
  const pulse = { abort: new AbortController(), stop: new AbortController(), tokens: () => tokens() };
  const { stop } = claim.orders;
  if (stop !== null) pulse.stop.abort(new Error(`${stop} asked for it`));
  const ended = new AbortController();
  const beating = keepAlive(deps, claim, pulse, ended.signal);
  const signal = AbortSignal.any([shutdown, pulse.abort.signal]);
  const meter = (used: () => number): void => {
    tokens = used;
  };
  try {
    await deps
      .executeRun(claim, { signal, stop: pulse.stop.signal, meter })
      .catch((error: unknown) => endThrown(deps, claim, error, signal));
    logger.info({ runId, state: (await runs.run(runId))?.state ?? null }, "run ended");
  } catch (error) {
    logger.error({ runId, error: asRepairError(error).message }, "the end of a run was not recorded");
  } finally {
    ended.abort();
    await beating;
  }
}

/**
 * A run whose execution threw instead of ending fails, because trying again would meet the same defect; when the process
 * ends or the store is away it goes on later.
 */
async function endThrown(
  { runs, logger }: WorkerDependencies,
  claim: Claim,
  thrown: unknown,
  signal: AbortSignal,
): Promise<void> {
  const { code, message } = asRepairError(thrown);
  logger.error({ runId: claim.run.id, code, error: message }, "the execution of a run threw");
  if (code === "lease-lost") return;
  const interrupt = interruptOf(signal);
  if (interrupt?.kind === "lease-lost") return;
  if (interrupt !== null || code === "store-unavailable") await runs.release(claim);
  else await runs.advance(claim, { kind: "ended", state: { at: "failed", code } });
}
