import type { TimeLeft } from "../pipeline/budget.ts";

/** Why a run is broken off from outside. */
export type Interrupt =
  /** The process ends; the run goes on elsewhere. */
  | { readonly kind: "shutdown" }
  /** `successor` is the run that takes its place. */
  | { readonly kind: "cancelled"; readonly by: string; readonly successor: string | null }
  /** Another worker has the run, or may have it: nothing of it may be written any more. */
  | { readonly kind: "lease-lost" }
  | { readonly kind: "too-long"; readonly minutes: number };

/** The reason of an aborted run's signal. */
export class Interrupted extends Error {
  readonly interrupt: Interrupt;
  constructor(interrupt: Interrupt) {
    super(interrupt.kind === "cancelled" ? `cancelled by ${interrupt.by}` : interrupt.kind);
    this.name = "Interrupted";
    this.interrupt = interrupt;
  }
}

/** Null while the signal is not aborted; an abort by anything else is taken for the end of the process. */
export function interruptOf(signal: AbortSignal): Interrupt | null {
  if (!signal.aborted) return null;
  const reason: unknown = signal.reason;
  return reason instanceof Interrupted ? reason.interrupt : { kind: "shutdown" };
}

/** How a run at work is told what people and its worker want; reasons of `signal` are `Interrupted`. */
export type RunControl = {
  /** Breaks the run off. */
  readonly signal: AbortSignal;
  /** Asks it to finish with the best it has; the reason is a text that says who asked, or why. */
  readonly stop: AbortSignal;
  /** Left out: nobody limits its time. */
  readonly timeLeft?: TimeLeft;
  /** Is told how to ask what the run has used by now, prompts and answers, in tokens. Left out: its end tells. */
  readonly meter?: (tokens: () => number) => void;
};
