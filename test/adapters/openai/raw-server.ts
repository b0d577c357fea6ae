import { createServer } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";

export type RawRequest = {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

export type RawServer = {
  readonly url: string;
  readonly requests: readonly RawRequest[];
  stop(): Promise<void>;
};

type Handler = (response: ServerResponse) => void;

/** What the server says beside its answers; 404 by default. */
export type Surroundings = {
  readonly models?: Handler;
  /** Calls that are not streamed: a client asks what the server can do. */
  readonly probe?: (body: string) => Handler;
  readonly tokenize?: Handler;
  readonly metrics?: Handler;
};

/** An HTTP server that answers the n-th streamed call with the n-th handler, and all further ones with the last. */
export const startRawServer = (...handlers: Handler[]): Promise<RawServer> => startServer(handlers, {});

export async function startServer(
  handlers: readonly Handler[],
  { models, probe, tokenize, metrics }: Surroundings,
): Promise<RawServer> {
  const requests: RawRequest[] = [];
  const handlerOf = (request: IncomingMessage, body: string): Handler => {
    const path = request.url ?? "";
    if (path.endsWith("/models")) return models ?? unknown;
    if (path.endsWith("/health")) return answer(200, "{}");
    if (path.endsWith("/tokenize")) return tokenize ?? unknown;
    if (path.endsWith("/metrics")) return metrics ?? unknown;
    if (body.includes('"stream":false')) return probe?.(body) ?? unknown;
    const handler = handlers[Math.min(requests.length, handlers.length - 1)];
    requests.push({ path, headers: request.headers, body });
    return handler ?? unknown;
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> =>
    handlerOf(request, await text(request))(response);
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const streamHead = { "content-type": "text/event-stream" };

/** The JSON of one streamed chunk. */
export const chunk = (delta: Record<string, unknown>, finish: string | null = null, more = {}): string =>
  chunkOf(0, delta, finish, more);

/** The same for any choice of several. */
export const chunkOf = (
  index: number,
  delta: Record<string, unknown>,
  finish: string | null = null,
  more = {},
): string => JSON.stringify({ choices: [{ index, delta, finish_reason: finish }], ...more });

/** Streams the given event data and ends the connection properly. */
export const events =
  (...data: string[]) =>
  (response: ServerResponse): void => {
    response.writeHead(200, streamHead);
    response.end(data.map((event) => `data: ${event}\n\n`).join(""));
  };

/** Streams raw text, then stays silent. */
export const silentAfter =
  (raw: string) =>
  (response: ServerResponse): void => {
    response.writeHead(200, streamHead);
    response.flushHeaders();
    if (raw !== "") response.write(raw);
  };

/** Answers with a status, a body and headers. */
export const answer =
  (status: number, body: string, headers: Record<string, string> = { "content-type": "application/json" }) =>
  (response: ServerResponse): void => {
    response.writeHead(status, headers);
    response.end(body);
  };

const unknown = answer(404, '{"error": {"message": "not here"}}');

/** Says to a client that asks what it can do: `n` answers to one request, and priorities. */
export const takesGroups = (body: string): Handler => {
  const asked = Number(/"n":(\d+)/.exec(body)?.[1] ?? 1);
  const choices = Array.from({ length: asked }, (_, index) => ({ index, message: { content: "yes" } }));
  return answer(200, JSON.stringify({ choices }));
};

export const good = events(
  chunk({ role: "assistant", content: "" }),
  chunk({ content: "fine" }, "stop"),
  "[DONE]",
);
