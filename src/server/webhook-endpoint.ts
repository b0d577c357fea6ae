import type { IncomingMessage, ServerResponse } from "node:http";
import { largestBody, readEnvelope } from "../github-app/envelope.ts";
import {
  receiveWebhook,
  type ReceiveDependencies,
  type WebhookAnswer,
} from "../github-app/receive-webhook.ts";
import { answerJson, refuseUnread } from "./answer.ts";
import { createBudget, readBody } from "./read-body.ts";

export type WebhookLimits = {
  /** From the first byte to the answer, in milliseconds; GitHub gives up after ten seconds. */
  readonly answerMs: number;
  /** Bytes of one body. */
  readonly bodyBytes: number;
  /** Bytes of all bodies that are being read or stored at the same time. */
  readonly bytesAtOnce: number;
};

export const webhookLimits: WebhookLimits = {
  answerMs: 8_000,
  bodyBytes: largestBody,
  bytesAtOnce: 8 * largestBody,
};

const late: WebhookAnswer = { status: 503, error: "The store did not answer in time." };

/**
 * Takes webhooks: a delivery is stored before GitHub hears 2xx. When the store fails, or is not done in time, GitHub
 * hears 5xx; should the store get it done later, the redelivery is a known one.
 */
export function createWebhookEndpoint(
  deps: ReceiveDependencies,
  limits: WebhookLimits = webhookLimits,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const budget = createBudget(limits.bytesAtOnce);

  return async (request, response) => {
    const deadline = Date.now() + limits.answerMs;
    const envelope = readEnvelope(request.headers, limits.bodyBytes);
    if ("status" in envelope) {
      deps.logger.debug({ ...envelope }, "a request to the webhook address was refused");
      return refuseUnread(request, response, envelope.status, envelope.error);
    }
    const body = await readBody(request, limits.bodyBytes, budget);
    if (typeof body === "string") {
      if (body === "too-large") refuseUnread(request, response, 413, "The body is larger than 25 MB.");
      if (body === "too-many") refuseUnread(request, response, 503, "Too much is under way.");
      return;
    }
    const received = receiveWebhook(deps, envelope, body);
    // a body counts until the store has let go of it, also when the answer could not wait for that
    const done = (): void => budget.give(body.length);
    if (received instanceof Promise) void received.finally(done);
    else done();
    const answer = received instanceof Promise ? await within(deadline - Date.now(), received) : received;
    if (answer === late) deps.logger.error({ delivery: envelope.id }, "the store did not answer in time");
    if (answer.status === 401) deps.logger.warn({ delivery: envelope.id }, "a webhook was wrongly signed");
    answerJson(response, answer.status, answer);
  };
}

async function within(milliseconds: number, received: Promise<WebhookAnswer>): Promise<WebhookAnswer> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<WebhookAnswer>((resolve) => {
    timer = setTimeout(() => resolve(late), Math.max(0, milliseconds));
  });
  try {
    return await Promise.race([received, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
