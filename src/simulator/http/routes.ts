import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { answerAdapters } from "./adapters.ts";
import { answerAdmin } from "./admin.ts";
import { sendAnswer } from "./answer-parts.ts";
import { metricsText } from "./metrics.ts";
import { modelList, tokenized } from "./model-facts.ts";
import { receivedCall } from "./received-call.ts";
import { serveCall, type CallContext } from "./serve-call.ts";
import { noteRequest, type EndedRequest, type ServedRequest } from "./served-request.ts";
import { answerSleep } from "./sleep.ts";

export type Site = CallContext & {
  readonly apiKey: string | null;
  readonly sampleHeader: string;
  readonly timeScale: number;
  readonly requests: ServedRequest[];
  readonly onEnded: ((request: EndedRequest) => void) | null;
  isHealthy(): boolean;
};

/** Answers one request. */
export async function route(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { simulation, dialect, apiKey } = site;
  const [path = "/", query = ""] = (request.url ?? "/").split("?");
  const method = request.method ?? "GET";
  const body = parsedJson(method === "POST" ? await text(request) : "{}");
  const badJson = body === undefined ? dialect.badRequest("the body is not JSON: parse error") : null;
  if (path.startsWith("/admin/")) {
    return sendAnswer(response, badJson ?? answerAdmin(site, method, path, body) ?? dialect.unknownPath());
  }
  if (!site.isHealthy()) return sendAnswer(response, dialect.overloaded(503, {}));
  if (path === "/health") return sendAnswer(response, { status: 200, body: { status: "ok" } });
  const key = request.headers.authorization;
  if (apiKey !== null && dialect.needsKey(path) && key !== `Bearer ${apiKey}`) {
    return sendAnswer(response, dialect.unauthorized());
  }
  if (path === "/metrics") {
    response.writeHead(200, { "content-type": "text/plain; version=0.0.4" });
    response.end(metricsText(simulation, dialect));
    return;
  }
  if (path === "/v1/models") return sendAnswer(response, modelList(simulation, dialect));
  const slept = dialect.sleeps ? await answerSleep(simulation, dialect, `${method} ${path}`, query) : null;
  if (slept !== null) return sendAnswer(response, slept);
  if (method !== "POST") return sendAnswer(response, dialect.unknownPath());
  if (badJson !== null) return sendAnswer(response, badJson);
  if (path === "/tokenize") return sendAnswer(response, tokenized(simulation, dialect, body));
  const adapters = answerAdapters(simulation, dialect, path, body);
  if (adapters !== null) return sendAnswer(response, adapters);
  const received = receivedCall(path, request.headers[site.sampleHeader], body);
  if (received === null) return sendAnswer(response, dialect.unknownPath());
  if (typeof received === "string") return sendAnswer(response, dialect.badRequest(received));
  noteRequest(site.requests, received, request, response, site.onEnded);
  await serveCall(site, request, response, received);
}

function parsedJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
