/** A unit of queued work: the id of a delivery to handle or of a run to execute. */
export type Job = { readonly kind: "delivery" | "run"; readonly id: string };

/** Hands out jobs at least once; handlers must be idempotent (the run store's claim makes them so). */
export interface JobQueue {
  /** Starts handing jobs of `kind` to `handler`, at most `concurrency` at a time; a handler that throws is retried later. */
  work(kind: Job["kind"], concurrency: number, handler: (id: string) => Promise<void>): Promise<void>;
  /** Stops handing out jobs and waits until running handlers end. */
  stop(): Promise<void>;
}
