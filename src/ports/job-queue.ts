/**
 * A unit of queued work: the id of a delivery to handle, or of a run that became ready. Which run is begun is the run
 * store's decision, so a `run` job only says that it is worth asking.
 */
export type Job = { readonly kind: "delivery" | "run"; readonly id: string };

/** Hands out jobs at least once; handlers must be short and idempotent. */
export interface JobQueue {
  /** Starts handing jobs of `kind` to `handler`, at most `concurrency` at a time; a handler that throws is retried later. */
  work(kind: Job["kind"], concurrency: number, handler: (id: string) => Promise<void>): Promise<void>;
  /** Stops handing out jobs and waits until running handlers end. */
  stop(): Promise<void>;
}
