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

/** An HTTP server that answers the n-th request with the n-th handler, and all further ones with the last. */
export async function startRawServer(
  ...handlers: ((response: ServerResponse) => void)[]
): Promise<RawServer> {
  const requests: RawRequest[] = [];
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    const handler = handlers[Math.min(requests.length, handlers.length - 1)];
    requests.push({ path: request.url ?? "", headers: request.headers, body });
    handler?.(response);
  };
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
  JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }], ...more });

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

export const good = events(
  chunk({ role: "assistant", content: "" }),
  chunk({ content: "fine" }, "stop"),
  "[DONE]",
);
