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
  /** There the script came to its own end, and did not crash on its way. */
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
};
