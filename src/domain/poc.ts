import type { ExecutionOutcome } from "./execution.ts";

/** val-assert writes asserting PoCs (verdict by exit status), val-no-assert printing ones (verdict by judge). */
export type PocKind = "asserting" | "printing";

/** A script that reproduces the issue on the base commit; only confirmed ones become a Poc. */
export type Poc = {
  readonly id: string;
  readonly kind: PocKind;
  readonly source: string;
  /** Its confirmed run on the unpatched tree. */
  readonly baseline: ExecutionOutcome;
  /** There the script came to its own end, at its last line or by an error. */
  readonly reachedEnd: boolean;
  /** Attempts used until it reproduced, 1-based. */
  readonly attempts: number;
  readonly sourceSample: string;
};

/** A PoC chain that never reproduced the issue, kept for the evidence. */
export type FailedPoc = {
  readonly id: string;
  readonly kind: PocKind;
  readonly attempts: number;
  readonly reason: string;
  /** Its last script could not run by a fault of its own, or there was none. */
  readonly faulty?: true;
};

/**
 * How a run of a script came to its end: `completed` at its last line or by an exit of its own that says success, `failed`
 * by an error that nobody caught or an exit of its own that says failure, null when other code ended the process.
 */
export type PocEnd = "completed" | "failed" | null;

/** What the runners leave after the nonce when a script failed; in the same words in each of them. */
export const failedMark = " failed";

/** The end that the run's report tells, with the `nonce` that the run was given. */
export function endOf(outcome: ExecutionOutcome, nonce: string): PocEnd {
  if (outcome.kind !== "exited") return null;
  const left = outcome.report?.trim();
  if (left === nonce) return "completed";
  return left === nonce + failedMark ? "failed" : null;
}
