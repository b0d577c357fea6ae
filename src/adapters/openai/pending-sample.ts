import type { SampleOutcome, SampleRequest } from "../../ports/inference-client.ts";
import type { RepairError } from "../../domain/errors.ts";
import type { Usage } from "../../domain/transcript.ts";
import { cancelled } from "./cancellation.ts";

/** A sample that somebody waits for. The first word about it is final, later ones are dropped. */
export type PendingSample = {
  readonly request: SampleRequest;
  readonly outcome: Promise<SampleOutcome>;
  /** Whether it has no answer yet, not even one to fall back on. */
  isOpen(): boolean;
  settle(outcome: SampleOutcome): void;
  /** What it ends with if it is cancelled before a better answer comes. */
  keep(outcome: SampleOutcome): void;
  /** What it has cost, in case that it is cancelled. */
  cost(usage: Usage): void;
  fail(error: RepairError): void;
};

/** Its promise rejects with RepairError `cancelled` soon after `signal` aborts, with what it has cost, unless the answer was there by then. */
export function pendingSample(request: SampleRequest, signal: AbortSignal): PendingSample {
  let resolve: (outcome: SampleOutcome) => void = () => undefined;
  let reject: (error: RepairError) => void = () => undefined;
  const outcome = new Promise<SampleOutcome>((resolved, rejected) => {
    resolve = resolved;
    reject = rejected;
  });
  let open = true;
  let kept: SampleOutcome | null = null;
  let spent: Usage | null = null;
  const close = (): boolean => {
    const was = open;
    open = false;
    signal.removeEventListener("abort", abort);
    return was;
  };
  const giveUp = (): void => {
    if (!close()) return;
    if (kept === null) reject(cancelled(signal, spent));
    else resolve(kept);
  };
  // An answer that this process has received already is still read in this turn of the event loop.
  const abort = (): void => void setImmediate(giveUp);
  if (signal.aborted) giveUp();
  else signal.addEventListener("abort", abort, { once: true });
  return {
    request,
    outcome,
    isOpen: () => open && kept === null,
    settle(given) {
      if (close()) resolve(given);
    },
    keep(given) {
      kept = given;
    },
    cost(usage) {
      spent = usage;
    },
    fail(error) {
      if (close()) reject(error);
    },
  };
}
