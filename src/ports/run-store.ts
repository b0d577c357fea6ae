import type { RepairRun, RunRequest, RunState } from "../domain/run.ts";

/** A webhook delivery as received; `payload` is the parsed JSON. */
export type Delivery = { readonly id: string; readonly event: string; readonly payload: unknown };

/** The right to write a run: every write names its fence, and an older fence writes nothing. */
export type Claim = { readonly run: RepairRun; readonly owner: string; readonly fence: number };

export type RequestOutcome =
  | { readonly kind: "created"; readonly run: RepairRun }
  | { readonly kind: "already-live"; readonly run: RepairRun };

/** Reads only: what pages and reports get. */
export interface RunReader {
  run(id: string): Promise<RepairRun | null>;
  /** Newest first. */
  recent(limit: number): Promise<readonly RepairRun[]>;
}

/** Deliveries and runs; each method is one transaction, and rows and queue entries are stored together. */
export interface RunStore extends RunReader {
  /** Stores a delivery and queues its handling; a repeated id stores nothing. */
  receive(delivery: Delivery): Promise<"stored" | "duplicate">;
  delivery(id: string): Promise<Delivery | null>;
  /** Marks a delivery as handled, so that `recover` does not hand it out again. */
  finishDelivery(id: string): Promise<void>;
  /**
   * Stores and queues a run unless the issue already has a live one. A request whose delivery already started
   * a run answers `already-live` with that run even when it has ended: deliveries are handled at least once.
   */
  request(request: RunRequest): Promise<RequestOutcome>;
  /** Takes a queued run for `owner`, or null when it is not to be had (finished, or running elsewhere). */
  claim(runId: string, owner: string): Promise<Claim | null>;
  /** Moves the run; throws RepairError `lease-lost` when the claim is no longer the run's latest. */
  advance(claim: Claim, state: RunState): Promise<RepairRun>;
  /** Puts a claimed run back into the queue (shutdown); a lost claim changes nothing. */
  release(claim: Claim): Promise<void>;
  /**
   * Cancels a queued run at once and asks whoever runs a running one to stop (`requested`).
   * Null when there is no such run or it has ended.
   */
  requestCancel(runId: string, by: string): Promise<"cancelled" | "requested" | null>;
  /** Who asked to cancel the run, null when nobody did or the claim was lost. */
  cancelRequested(claim: Claim): Promise<string | null>;
  /**
   * Requeues what a dead process left running (cancelled instead when that was asked for), and queues again every
   * waiting run and unhandled delivery. Only at boot, before any work is handed out, and only while no other
   * process uses the store. Returns how many runs were running.
   */
  recover(): Promise<number>;
}
