import type { IncomingMessage, ServerResponse } from "node:http";

/** How long a refused request may go on sending what nobody reads, in milliseconds. */
const lingering = 1_000;

export function answerJson(response: ServerResponse, status: number, body: object): void {
  answerText(response, status, "application/json", `${JSON.stringify(body)}\n`);
}

export function answerText(response: ServerResponse, status: number, type: string, text: string): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(text) }).end(text);
}

/** Answers before the body was read: the rest is thrown away for a moment, so that the sender gets to see the answer. */
export function refuseUnread(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  error: string,
): void {
  answerJson(response, status, { error });
  if (request.complete) return;
  request.resume();
  const end = setTimeout(() => request.destroy(), lingering);
  request.once("close", () => clearTimeout(end));
}
