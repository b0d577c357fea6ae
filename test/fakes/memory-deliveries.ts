import type { Job } from "../../src/ports/job-queue.ts";
import type { Delivery, RunStore } from "../../src/ports/run-store.ts";

type Deliveries = Pick<RunStore, "receive" | "delivery" | "unknownDeliveries" | "finishDelivery"> & {
  /** Queues again what nobody finished. */
  readonly requeue: () => void;
};

/** The deliveries of a run store in memory. */
export function createMemoryDeliveries(queue: { put(job: Job): void }): Deliveries {
  const deliveries = new Map<string, { readonly delivery: Delivery; handled: boolean }>();
  return {
    async receive(delivery) {
      if (deliveries.has(delivery.id)) return "duplicate";
      deliveries.set(delivery.id, { delivery: structuredClone(delivery), handled: false });
      queue.put({ kind: "delivery", id: delivery.id });
      return "stored";
    },
    async delivery(id) {
      const entry = deliveries.get(id);
      return entry === undefined || entry.handled ? null : entry.delivery;
    },
    async unknownDeliveries(ids) {
      return ids.filter((id) => !deliveries.has(id));
    },
    async finishDelivery(id) {
      const entry = deliveries.get(id);
      if (entry !== undefined) entry.handled = true;
    },
    requeue() {
      for (const [id, { handled }] of deliveries) if (!handled) queue.put({ kind: "delivery", id });
    },
  };
}
