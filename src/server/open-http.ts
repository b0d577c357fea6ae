import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { RepairError } from "../domain/errors.ts";
import { schemaPath, settingsJsonSchema } from "../domain/settings/json-schema.ts";
import type { ReceiveDependencies } from "../github-app/receive-webhook.ts";
import type { RunStore } from "../ports/run-store.ts";
import { answerJson, answerText, refuseUnread } from "./answer.ts";
import { createHealth } from "./health.ts";
import type { Metrics } from "./metrics/metrics.ts";
import type { RunPageEndpoint } from "./run-page-endpoint.ts";
import { createWebhookEndpoint, webhookLimits, type WebhookLimits } from "./webhook-endpoint.ts";

export type HttpDependencies = Omit<ReceiveDependencies, "secret"> & {
  /** Of the webhooks; null in a process that takes none. */
  readonly secret: string | null;
  readonly runs: Pick<RunStore, "receive" | "recent" | "counts">;
  /** Null in a process that has no pages. */
  readonly runPage: RunPageEndpoint | null;
  readonly metrics: Pick<Metrics, "scrape" | "webhookAnswers">;
};

export type HttpOptions = { readonly host: string; readonly port: number; readonly limits?: WebhookLimits };

/** What `app.yml` names as the hook's address. */
export const webhookPath = "/api/github/webhooks";

const noWebhooks = "This process only works runs; webhooks go to one with COPATCHER_PROCESS=web or all.";

/** Milliseconds. Who sends headers or body in drops is cut off. */
const headersMs = 5_000;

const timeouts = {
  connectionsCheckingInterval: 500,
  // longer than the minute that load balancers keep idle connections, or they meet closed ones
  keepAliveTimeout: 65_000,
};

/**
 * Listens for who asks after the bot's health, its metrics and its runs and, with a secret, for webhooks.
 * Throws RepairError `config-invalid`: the port is taken.
 */
export async function openHttp(deps: HttpDependencies, options: HttpOptions): Promise<Server> {
  const limits = options.limits ?? webhookLimits;
  const { secret } = deps;
  const receive = secret === null ? null : createWebhookEndpoint({ ...deps, secret }, limits);
  const health = createHealth(deps.runs);
  const pages = new Map<string, (response: ServerResponse) => void | Promise<void>>([
    [schemaPath, (response) => answerJson(response, 200, settingsJsonSchema)],
    [
      "/healthz",
      async (response) => {
        const found = await health();
        answerJson(response, found.ok ? 200 : 503, found);
      },
    ],
    [
      "/metrics",
      async (response) => {
        const { contentType, text } = await deps.metrics.scrape(deps.runs);
        answerText(response, 200, contentType, text);
      },
    ],
  ]);

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "" } = request;
    const [asked = "", query = ""] = (request.url ?? "").split("?");
    const path = asked.replace(/(?<=.)\/+$/, "");
    if (path === webhookPath) {
      if (receive === null) return refuseUnread(request, response, 404, noWebhooks);
      if (method !== "POST") return refuseMethod(request, response, "POST");
      response.once("finish", () => deps.metrics.webhookAnswers.inc({ status: response.statusCode }));
      return receive(request, response);
    }
    const reads = method === "GET" || method === "HEAD";
    const page = pages.get(path);
    if (page !== undefined) return reads ? page(response) : refuseMethod(request, response, "GET, HEAD");
    const key = new URLSearchParams(query).get("key") ?? "";
    if (reads && (await deps.runPage?.(path, key, response))) return;
    refuseUnread(request, response, 404, "There is nothing here.");
  }

  const requestTimeout = limits.answerMs;
  const headersTimeout = Math.min(headersMs, requestTimeout);
  const server = createServer({ ...timeouts, requestTimeout, headersTimeout }, (request, response) => {
    response.on("error", () => response.destroy());
    route(request, response).catch((error: unknown) => {
      deps.logger.error({ error }, "a request was not answered");
      answerJson(response, 500, { error: "Copatcher itself failed." });
    });
  });
  await listen(server, options.host, options.port);
  return server;
}

/** Takes no new connections and lets what is being answered end, a short time (milliseconds). */
export async function closeHttp(server: Server, patience = 2_000): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const end = setTimeout(() => server.closeAllConnections(), patience);
  await closed;
  clearTimeout(end);
}

function refuseMethod(request: IncomingMessage, response: ServerResponse, allow: string): void {
  response.setHeader("allow", allow);
  refuseUnread(request, response, 405, `Only ${allow} is understood here.`);
}

const listen = (server: Server, host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once("error", (error) =>
      reject(
        new RepairError("config-invalid", `HOST, PORT: cannot listen on ${host}:${port}: ${error.message}`),
      ),
    );
    server.listen(port, host, () => resolve());
  });
