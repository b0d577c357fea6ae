import type { ClientOptions } from "openai";
import { request } from "undici";
import type { Agent } from "undici";
import type { Refusal } from "./refusal.ts";

type Fetch = NonNullable<ClientOptions["fetch"]>;

export type BoundedFetch = {
  readonly fetch: Fetch;
  /** Whether the answer was cut because it exceeded the limit. */
  exceeded(): boolean;
  /** The answer with an error status, null when there was none: the SDK keeps only a part of it. */
  refusal(): Refusal | null;
};

const largestRefusal = 64 * 1024;

/**
 * A fetch for one request that stops reading after `maxBytes` of answer, whatever the server sends, and follows no
 * redirects. Without a key no Authorization header leaves the process.
 */
export function boundedFetch(dispatcher: Agent, maxBytes: number, anonymous: boolean): BoundedFetch {
  let received = 0;
  let refusal: Refusal | null = null;

  /** One stream and no more on top of the socket's: what a token costs is mostly the streams that it passes through. */
  function limited(body: AsyncIterable<Uint8Array>, leave: () => void): ReadableStream<Uint8Array> {
    const pieces = body[Symbol.asyncIterator]();
    return new ReadableStream<Uint8Array>({
      async pull(controller) {
        const { done, value } = await pieces.next();
        if (done === true) return controller.close();
        received += value.byteLength;
        if (received <= maxBytes) return controller.enqueue(value);
        leave();
        controller.error(new Error(`more than ${maxBytes} bytes of answer`));
      },
      cancel: leave,
    });
  }

  const fetch: Fetch = async (input, init = {}) => {
    const headers = new Headers(init.headers);
    if (anonymous) headers.delete("authorization");
    const {
      statusCode,
      headers: answer,
      body,
    } = await request(input instanceof Request ? input.url : input, {
      dispatcher,
      method: init.method === "POST" ? "POST" : "GET",
      headers: Object.fromEntries(headers),
      ...(typeof init.body === "string" ? { body: init.body } : {}),
      ...(init.signal ? { signal: init.signal } : {}),
    });
    const answered = new Headers(Object.entries(answer).map(([name, value]) => [name, String(value)]));
    const response = { status: statusCode, headers: answered };
    if (statusCode < 200 || statusCode >= 300) {
      const text = await beginningOf(body);
      refusal = { ...response, body: text };
      return new Response(text === "" ? null : text, response);
    }
    return new Response(withoutBody.has(statusCode) ? null : limited(body, () => body.destroy()), response);
  };
  return { fetch, exceeded: () => received > maxBytes, refusal: () => refusal };
}

const withoutBody: ReadonlySet<number> = new Set([204, 205]);

async function beginningOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body) {
    pieces.push(piece);
    size += piece.byteLength;
    if (size >= largestRefusal) break;
  }
  return Buffer.concat(pieces).subarray(0, largestRefusal).toString("utf8");
}
