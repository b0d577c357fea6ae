import type { RunStore } from "../../ports/run-store.ts";
import { createDeliveryStore } from "./delivery-store.ts";
import { createPullRequestNotes } from "./pull-request-notes.ts";
import { createRecovery, type StoreUser } from "./recovery.ts";
import { createRunClaims } from "./run-claims.ts";
import { createRunOrders } from "./run-orders.ts";
import { createRunReader } from "./run-reader.ts";
import { createRunRequests } from "./run-requests.ts";
import type { StoreParts } from "./run-rows.ts";

export type RunStoreOptions = StoreParts & {
  readonly user: StoreUser;
  /** How long a claim lasts without a heartbeat, in milliseconds. */
  readonly leaseMs: number;
};

/** Deliveries and runs in our own tables; whatever has to be worked on is queued in the same transaction. */
export function createRunStore(options: RunStoreOptions): RunStore {
  const { db } = options;
  return {
    ...createRunReader(db),
    ...createDeliveryStore(options),
    ...createRunRequests(options),
    ...createRunClaims(options, options.leaseMs),
    ...createRunOrders(options),
    ...createRecovery(options, options.user),
    ...createPullRequestNotes(options),
  };
}
