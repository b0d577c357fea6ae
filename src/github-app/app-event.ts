import type { z } from "zod";
import type { Delivery } from "../ports/run-store.ts";
import type { DeliveryDependencies } from "./delivery-dependencies.ts";

/** One kind of delivery that we act on. */
export type AppEvent = {
  /** `event.action`, as in GitHub's documentation. */
  readonly name: string;
  /** A cheap look at an unchecked payload: whether it can concern us. Most deliveries end here. */
  readonly concerns: (payload: object) => boolean;
  readonly understands: (payload: object) => boolean;
  /** Does what the delivery asks for; safe to repeat. Throws when the stored payload is not understood. */
  readonly handle: (deps: DeliveryDependencies, delivery: Delivery) => Promise<void>;
};

/** `handle` gets the fields of `payload` only; everything else in a delivery is ignored. */
export const appEvent = <T>(event: {
  readonly name: string;
  readonly concerns: (payload: object) => boolean;
  readonly payload: z.ZodType<T>;
  readonly handle: (deps: DeliveryDependencies, payload: T, deliveryId: string) => Promise<unknown>;
}): AppEvent => ({
  name: event.name,
  concerns: event.concerns,
  understands: (payload) => event.payload.safeParse(payload).success,
  handle: async (deps, delivery) => {
    await event.handle(deps, event.payload.parse(delivery.payload), delivery.id);
  },
});

/** Events of one name as one: each that concerns itself with a delivery acts on it, in this order. */
export const eachOf = (events: readonly [AppEvent, ...AppEvent[]]): AppEvent => ({
  name: events[0].name,
  concerns: (payload) => events.some((event) => event.concerns(payload)),
  understands: (payload) => events.every((event) => !event.concerns(payload) || event.understands(payload)),
  handle: async (deps, delivery) => {
    const { payload } = delivery;
    const told = typeof payload === "object" && payload !== null ? payload : {};
    for (const event of events) if (event.concerns(told)) await event.handle(deps, delivery);
  },
});

/** The value at a path of an unchecked payload; undefined where there is none. */
export function fieldAt(payload: unknown, ...path: readonly string[]): unknown {
  let value = payload;
  for (const name of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Reflect.get(value, name);
  }
  return value;
}

/** Events of bots, ours among them, never start anything. */
export const byBot = (payload: object): boolean => fieldAt(payload, "sender", "type") === "Bot";
