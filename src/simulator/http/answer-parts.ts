import type { ServerResponse } from "node:http";

/** An answer that is not a stream. */
export type HttpAnswer = {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Sends it as JSON, or as it is when the body is a string. */
export function sendAnswer(response: ServerResponse, { status, body, headers = {} }: HttpAnswer): void {
  if (response.headersSent || response.destroyed) return;
  const type = typeof body === "string" ? "text/html" : "application/json";
  response.writeHead(status, { "content-type": type, ...headers });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}

export function openEventStream(response: ServerResponse): void {
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache",
  });
  // Headers go out before the first token, as servers send them.
  response.flushHeaders();
}

/** Writes text as it is and waits until the client has room; false when the client has left. */
export async function sendText(response: ServerResponse, text: string): Promise<boolean> {
  if (response.destroyed || response.writableEnded) return false;
  if (response.write(text)) return true;
  await untilEvent(response, "drain");
  return !response.destroyed;
}

async function untilEvent(response: ServerResponse, event: "drain"): Promise<void> {
  await new Promise<void>((resolve) => {
    const finish = (): void => {
      response.off(event, finish);
      response.off("close", finish);
      resolve();
    };
    response.once(event, finish);
    response.once("close", finish);
  });
}

/** Resolves after `milliseconds` of real time, or as soon as the client leaves. */
export async function pause(response: ServerResponse, milliseconds: number): Promise<void> {
  if (milliseconds <= 0 || response.destroyed) return;
  await new Promise<void>((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      response.off("close", finish);
      resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    response.once("close", finish);
  });
}
