import { z } from "zod";
import type { SentWebhook } from "../../src/demo/github/webhooks.ts";

const Labeled = z.object({ label: z.object({ name: z.literal("copatcher") }) });

/** The webhooks that ask for runs; the bot's own labels ask for nothing. */
export const requestWebhooks = (sent: readonly SentWebhook[]): readonly SentWebhook[] =>
  sent.filter(
    ({ event, action, payload }) =>
      event === "issues" && action === "labeled" && Labeled.safeParse(payload).success,
  );
