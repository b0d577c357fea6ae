import { z } from "zod";
import type { SentWebhook } from "../../src/demo/github/webhooks.ts";

const Labeled = z.object({
  label: z.object({ name: z.literal("copatcher") }),
  issue: z.object({ number: z.number() }),
});

/** The webhooks that ask for runs; the bot's own labels ask for nothing. */
export const requestWebhooks = (sent: readonly SentWebhook[]): readonly SentWebhook[] =>
  sent.filter(
    ({ event, action, payload }) =>
      event === "issues" && action === "labeled" && Labeled.safeParse(payload).success,
  );

/** The issues that they are about. */
export const requestedIssues = (sent: readonly SentWebhook[]): ReadonlySet<number> =>
  new Set(requestWebhooks(sent).map(({ payload }) => Labeled.parse(payload).issue.number));
