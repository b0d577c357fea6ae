import { createHmac, randomUUID } from "node:crypto";
import { z } from "zod";

/** One attempt to deliver a webhook, with what the receiver answered (null: nobody answered). */
export type SentWebhook = {
  readonly id: string;
  /** Of this attempt; `id` is the same for all attempts of a delivery. */
  readonly attempt: number;
  /** When it was sent and how long it took, in milliseconds. */
  readonly time: number;
  readonly duration: number;
  readonly redelivery: boolean;
  readonly event: string;
  readonly action: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly status: number | null;
};

export type Webhooks = {
  /** Signs and sends one event under a new delivery id. */
  readonly send: (event: string, payload: Readonly<Record<string, unknown>>) => Promise<SentWebhook>;
  /** Sends it again under the same delivery id, as GitHub does when someone asks for it. */
  readonly redeliver: (webhook: SentWebhook) => Promise<SentWebhook>;
  readonly sent: () => readonly SentWebhook[];
  /** Forgets what was sent, as GitHub does after some days. */
  readonly forget: () => void;
  /** The next webhook that `sender` causes, once its receiver has answered. Call it before causing it. */
  readonly next: (event: string, action: string, sender: string) => Promise<SentWebhook>;
};

/** How long GitHub waits for an answer. */
const answerMs = 10_000;

export function createWebhooks(target: { readonly url: string; readonly secret: string }): Webhooks {
  const sent: SentWebhook[] = [];
  const waiting = new Set<(webhook: SentWebhook) => void>();

  let attempts = 0;

  async function deliver(
    id: string,
    event: string,
    payload: SentWebhook["payload"],
    redelivery: boolean,
  ): Promise<SentWebhook> {
    const time = Date.now();
    const attempt = ++attempts;
    const body = JSON.stringify(payload);
    const signature = createHmac("sha256", target.secret).update(body).digest("hex");
    const status = await fetch(target.url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "user-agent": "GitHub-Hookshot/embedded",
        "x-github-event": event,
        "x-github-delivery": id,
        "x-github-hook-installation-target-type": "integration",
        "x-hub-signature-256": `sha256=${signature}`,
      },
      body,
      signal: AbortSignal.timeout(answerMs),
    }).then(
      (response) => response.status,
      () => null,
    );
    const action = typeof payload["action"] === "string" ? payload["action"] : null;
    const duration = Date.now() - time;
    const webhook = { id, attempt, time, duration, redelivery, event, action, payload, status };
    sent.push(webhook);
    for (const notify of waiting) notify(webhook);
    return webhook;
  }

  return {
    send: (event, payload) => deliver(randomUUID(), event, payload, false),
    redeliver: (webhook) => deliver(webhook.id, webhook.event, webhook.payload, true),
    sent: () => [...sent],
    forget: () => {
      sent.length = 0;
    },
    next: (event, action, sender) =>
      new Promise((resolve, reject) => {
        const giveUp = setTimeout(() => {
          waiting.delete(notify);
          reject(new Error(`no webhook ${event}.${action} of ${sender} was sent`));
        }, 2 * answerMs);
        const notify = (webhook: SentWebhook): void => {
          if (webhook.event !== event || webhook.action !== action || senderOf(webhook) !== sender) return;
          waiting.delete(notify);
          clearTimeout(giveUp);
          resolve(webhook);
        };
        waiting.add(notify);
      }),
  };
}

const Sent = z.object({ sender: z.object({ login: z.string() }) });

const senderOf = (webhook: SentWebhook): string | null =>
  Sent.safeParse(webhook.payload).data?.sender.login ?? null;
