import { RepairError } from "../domain/errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { Claim, RunStore } from "../ports/run-store.ts";
import { interruptOf } from "./run-control.ts";

type GuardDependencies = { readonly runs: Pick<RunStore, "heartbeat">; readonly clock: Pick<Clock, "now"> };

/** Milliseconds for which an answer of the store is believed: far less than a lease. */
const freshMs = 300;
/** How often an answer that comes late is asked for again: the process may have slept over it. */
const questions = 3;

/**
 * Asks the store whether the claim is still the run's latest, unless it has said so just now, and extends the lease: what
 * is written next is done before it ends. Throws `lease-lost` when it is lost, `store-unavailable` when nobody can tell.
 */
export function writeGuard(
  { runs, clock }: GuardDependencies,
  claim: Claim,
  signal: AbortSignal,
): () => Promise<void> {
  let confirmed: number | null = null;
  const fresh = (): boolean => {
    const age = confirmed === null ? Infinity : clock.now() - confirmed;
    return age >= 0 && age < freshMs;
  };
  return async () => {
    for (let asked = 0; asked <= questions; asked++) {
      if (interruptOf(signal)?.kind === "lease-lost") {
        throw new RepairError("lease-lost", `${claim.owner} may no longer hold ${claim.run.id}.`);
      }
      if (fresh()) return;
      const before = clock.now();
      await runs.heartbeat(claim);
      confirmed = before;
    }
    if (!fresh())
      throw new RepairError("store-unavailable", "The store answers too late to know who has the run.");
  };
}
