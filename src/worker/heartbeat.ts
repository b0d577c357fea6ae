import { asRepairError } from "../domain/errors.ts";
import { Interrupted } from "../runs/run-control.ts";
import type { Clock } from "../ports/clock.ts";
import type { Logger } from "../ports/logger.ts";
import type { Claim, RunStore } from "../ports/run-store.ts";

type HeartbeatDependencies = {
  readonly runs: Pick<RunStore, "heartbeat">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly leaseMs: number;
};

/** What a heartbeat may tell the run that it keeps alive, and what it tells of it: the tokens that it has used. */
export type Pulse = {
  readonly abort: AbortController;
  readonly stop: AbortController;
  readonly tokens: () => number;
};

/** A cancel takes this long at most to be seen. */
const longestBeatMs = 2_000;

/**
 * Extends the claim's lease until `ended` aborts, and passes on what people ordered. A run whose lease cannot be extended
 * is broken off before it ends: somebody else may have it then. Silence is counted in beats, since clocks jump.
 */
export async function keepAlive(
  deps: HeartbeatDependencies,
  claim: Claim,
  { abort, stop, tokens }: Pulse,
  ended: AbortSignal,
): Promise<void> {
  const beatMs = Math.min(longestBeatMs, deps.leaseMs / 5);
  let silentMs = 0;
  while (!ended.aborted && !abort.signal.aborted) {
    try {
      await deps.clock.sleep(beatMs, ended);
      const orders = await withDeadline(deps, deps.runs.heartbeat(claim, tokens()), beatMs * 2, ended);
      silentMs = 0;
      if (orders.stop !== null && !stop.signal.aborted) stop.abort(new Error(`${orders.stop} asked for it`));
      if (orders.cancel !== null) abort.abort(new Interrupted({ kind: "cancelled", ...orders.cancel }));
    } catch (thrown) {
      if (ended.aborted) return;
      const error = asRepairError(thrown);
      silentMs += thrown instanceof NoAnswer ? beatMs * 3 : beatMs;
      deps.logger.warn({ runId: claim.run.id, error: error.message }, "heartbeat failed");
      if (error.code === "lease-lost" || silentMs >= deps.leaseMs) {
        abort.abort(new Interrupted({ kind: "lease-lost" }));
      }
    }
  }
}

class NoAnswer extends Error {}

/** A database that hangs must not keep the run from noticing that its lease ends. */
async function withDeadline<T>(
  { clock }: HeartbeatDependencies,
  value: Promise<T>,
  milliseconds: number,
  ended: AbortSignal,
): Promise<T> {
  const answered = new AbortController();
  const late = clock.sleep(milliseconds, AbortSignal.any([answered.signal, ended])).then((): never => {
    throw new NoAnswer("the store did not answer in time");
  });
  late.catch(() => undefined);
  value.catch(() => undefined);
  try {
    return await Promise.race([value, late]);
  } finally {
    answered.abort();
  }
}
