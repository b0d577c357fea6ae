import { asRepairError } from "../domain/errors.ts";
import type { Logger } from "../ports/logger.ts";
import type { RunStore } from "../ports/run-store.ts";
import type { Envelope } from "./envelope.ts";
import { relevance } from "./events.ts";
import { signatureMatches } from "./signature.ts";
import { withoutAddresses } from "./without-addresses.ts";

export type ReceiveDependencies = {
  readonly secret: string;
  readonly runs: Pick<RunStore, "receive">;
  readonly logger: Logger;
};

/** What GitHub hears; anything but 2xx keeps the delivery as failed, so that it can be asked for again. */
export type WebhookAnswer =
  | { readonly status: 200; readonly outcome: "stored" | "duplicate" | "ignored" }
  | { readonly status: 400 | 401 | 422 | 500 | 503; readonly error: string };

/**
 * Checks the signature on the raw bytes, then reads them, then stores what concerns us: 2xx says that it is stored or
 * that it is nothing of ours. A promise only where the store is asked; it never rejects.
 */
export function receiveWebhook(
  deps: ReceiveDependencies,
  { id, event, signature, form }: Envelope,
  body: Buffer,
): WebhookAnswer | Promise<WebhookAnswer> {
  if (!signatureMatches(deps.secret, body, signature))
    return { status: 401, error: "The signature is not that of this body under this App's secret." };
  const payload = parsed(form, body);
  if (payload === null) return { status: 400, error: "The body is not a JSON object." };
  switch (relevance(event, payload)) {
    case "none":
      return { status: 200, outcome: "ignored" };
    case "not-understood":
      deps.logger.error({ delivery: id, event }, "a delivery that concerns us lacks fields and was refused");
      return { status: 422, error: "The payload lacks fields that its event promises." };
    case "ours":
      return store(deps, { id, event, payload });
  }
}

function parsed(form: Envelope["form"], body: Buffer): object | null {
  const text = body.toString();
  try {
    const json = form === "json" ? text : (new URLSearchParams(text).get("payload") ?? "");
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

async function store(
  deps: ReceiveDependencies,
  { id, event, payload }: { readonly id: string; readonly event: string; readonly payload: object },
): Promise<WebhookAnswer> {
  try {
    const outcome = await deps.runs.receive({ id, event, payload: withoutAddresses(payload) });
    deps.logger.info({ delivery: id, event, outcome }, "delivery received");
    return { status: 200, outcome };
  } catch (error) {
    const { code, message } = asRepairError(error);
    deps.logger.error({ delivery: id, event, code, error: message }, "a delivery was not stored");
    return code === "store-unavailable"
      ? { status: 503, error: "The store cannot take deliveries now." }
      : { status: 500, error: "The delivery could not be stored." };
  }
}
