import { ZodError } from "zod";
import { forgesReadingOnce } from "../runs/reading-once.ts";
import { forgesSayingIfLet } from "../runs/saying-if-let.ts";
import type { DeliveryDependencies } from "./delivery-dependencies.ts";
import { eventName, eventNamed } from "./events.ts";

/**
 * Does what a stored delivery asks for. Safe to repeat: a run that it started is not started twice. A delivery that
 * this version does not know or understand is put aside, and words that the forge does not take are left unsaid;
 * whatever else goes wrong throws, to be tried again.
 */
export async function handleDelivery(deps: DeliveryDependencies, deliveryId: string): Promise<void> {
  const delivery = await deps.runs.delivery(deliveryId);
  if (delivery === null) return;
  const name = eventName(delivery.event, delivery.payload);
  const event = eventNamed(name);
  const forges = forgesSayingIfLet(forgesReadingOnce(deps.forges), deps.logger);
  try {
    if (event !== null) await event.handle({ ...deps, forges }, delivery);
    else
      deps.logger.warn({ delivery: deliveryId, name }, "a stored delivery has no handler and is put aside");
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    deps.logger.error(
      { delivery: deliveryId, name, error },
      "a stored delivery is not understood and is put aside",
    );
  }
  await deps.runs.finishDelivery(deliveryId);
}
