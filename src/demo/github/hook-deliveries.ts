import type { components } from "@octokit/openapi-types";
import { z } from "zod";
import { GitHubRefusal, notFound, type Answer } from "./answer.ts";
import type { PassedTime } from "./issue-events.ts";
import type { OverlayRequest, Route, Site } from "./route.ts";
import type { SentWebhook, Webhooks } from "./webhooks.ts";

type Item = components["schemas"]["hook-delivery-item"];

const Ids = z.object({
  installation: z.object({ id: z.number() }).optional(),
  repository: z.object({ id: z.number() }).optional(),
});

function itemOf(webhook: SentWebhook, time: Pick<PassedTime, "seen">): Item {
  const { installation, repository } = Ids.parse(webhook.payload);
  const ok = webhook.status !== null && webhook.status < 300;
  return {
    id: webhook.attempt,
    guid: webhook.id,
    delivered_at: time.seen(new Date(webhook.time).toISOString()),
    redelivery: webhook.redelivery,
    duration: webhook.duration / 1000,
    status: ok ? "OK" : webhook.status === null ? "failed to connect to host" : "Invalid HTTP Response",
    // GitHub's word for an answer that never came
    status_code: webhook.status ?? 502,
    event: webhook.event,
    action: webhook.action,
    installation_id: installation?.id ?? null,
    repository_id: repository?.id ?? null,
    throttled_at: null,
  };
}

/** emulate has no such address, but `GET /app` tells whether the App's own token is good. */
async function asApp({ forward }: OverlayRequest): Promise<void> {
  const answer = await forward("/app");
  if (answer.status !== 200) throw new GitHubRefusal(401, "A JSON web token could not be decoded");
}

function page(
  site: Site,
  sent: readonly SentWebhook[],
  time: Pick<PassedTime, "seen">,
  query: URLSearchParams,
): Answer {
  const size = Math.min(100, Number(query.get("per_page") ?? 30));
  const before = Number(query.get("cursor") ?? Infinity);
  const rest = sent.filter(({ attempt }) => attempt < before).toSorted((a, b) => b.attempt - a.attempt);
  const shown = rest.slice(0, size);
  const cursor = shown.at(-1)?.attempt;
  const next = `<${site.url}/app/hook/deliveries?per_page=${size}&cursor=${cursor}>; rel="next"`;
  return {
    status: 200,
    body: shown.map((one) => itemOf(one, time)),
    ...(rest.length > size ? { headers: { link: next } } : {}),
  };
}

const Dated = z.looseObject({ issue: z.looseObject({ updated_at: z.string() }) });

/** The payload with the time of its issue as everything else tells it by now. */
function aged(payload: SentWebhook["payload"], time: Pick<PassedTime, "seen">): SentWebhook["payload"] {
  const dated = Dated.safeParse(payload);
  if (!dated.success) return payload;
  const { issue } = dated.data;
  return { ...payload, issue: { ...issue, updated_at: time.seen(issue.updated_at) } };
}

/** What the App asks about its own webhooks: every attempt, newest first, and one more of a delivery. */
export const hookDeliveryRoutes = (
  site: Site,
  webhooks: Pick<Webhooks, "sent" | "redeliver">,
  time: Pick<PassedTime, "seen">,
): readonly Route[] => [
  {
    method: "GET",
    pattern: /^\/app\/hook\/deliveries$/,
    contents: "none",
    handle: async (request) => {
      await asApp(request);
      return page(site, webhooks.sent(), time, request.query);
    },
  },
  {
    method: "POST",
    pattern: /^\/app\/hook\/deliveries\/(\d+)\/attempts$/,
    contents: "none",
    handle: async (request) => {
      await asApp(request);
      const webhook = webhooks.sent().find(({ attempt }) => String(attempt) === request.parts[0]);
      if (webhook === undefined) throw notFound();
      const first = webhooks.sent().find(({ id }) => id === webhook.id) ?? webhook;
      void webhooks.redeliver({ ...webhook, payload: aged(first.payload, time) });
      return { status: 202, body: {} };
    },
  },
];
