import { finished } from "node:stream/promises";
import type { ClientOptions } from "openai";
import { request } from "undici";
import type { Agent, Dispatcher } from "undici";
import type { Refusal } from "./refusal.ts";

type Fetch = NonNullable<ClientOptions["fetch"]>;

export type BoundedFetch = {
  /** For the SDK, which sees all of an answer with an error status, and of a good one the status and the headers. */
  readonly fetch: Fetch;
  /**
   * Hands over the pieces of a good answer as they arrive, past the streams of the web: those were most of what a token
   * costs. Ends with the answer, or when `onPiece` returns false. Throws when the answer breaks off or exceeds the limit.
   */
  read(onPiece: (piece: Uint8Array) => boolean): Promise<void>;
  /** Whether the answer was cut because it exceeded the limit. */
  exceeded(): boolean;
  /** The answer with an error status, null when there was none: the SDK keeps only a part of it. */
  refusal(): Refusal | null;
};

type Body = Dispatcher.ResponseData["body"];

const largestRefusal = 64 * 1024;

/**
 * A fetch for one request that stops reading after `maxBytes` of answer, whatever the server sends, and follows no
 * redirects. Without a key no Authorization header leaves the process.
 */
export function boundedFetch(dispatcher: Agent, maxBytes: number, anonymous: boolean): BoundedFetch {
  let received = 0;
  let body: Body | null = null;
  let refusal: Refusal | null = null;

  const fetch: Fetch = async (input, init = {}) => {
    const headers = new Headers(init.headers);
    if (anonymous) headers.delete("authorization");
    const answer = await request(input instanceof Request ? input.url : input, {
      dispatcher,
      method: init.method === "POST" ? "POST" : "GET",
      headers: Object.fromEntries(headers),
      ...(typeof init.body === "string" ? { body: init.body } : {}),
      ...(init.signal ? { signal: init.signal } : {}),
    });
    const answered = new Headers(
      Object.entries(answer.headers).map(([name, value]) => [name, String(value)]),
    );
    const response = { status: answer.statusCode, headers: answered };
    if (answer.statusCode < 200 || answer.statusCode >= 300) {
      const text = await beginningOf(answer.body);
      refusal = { ...response, body: text };
      return new Response(text === "" ? null : text, response);
    }
    body = answer.body;
    return new Response(null, response);
  };

  return {
    fetch,
    async read(onPiece) {
      if (body === null) return;
      const bytes = body;
      let isWanted = true;
      const take = (piece: Buffer): void => {
        if (!isWanted) return;
        received += piece.byteLength;
        if (received > maxBytes) throw new Error(`more than ${maxBytes} bytes of answer`);
        isWanted = onPiece(piece);
        if (!isWanted) bytes.destroy();
      };
      bytes.on("data", (piece: Buffer) => {
        try {
          take(piece);
        } catch (error) {
          bytes.destroy(error instanceof Error ? error : new Error(String(error)));
        }
      });
      try {
        await finished(bytes);
      } catch (error) {
        if (isWanted) throw error;
      }
    },
    exceeded: () => received > maxBytes,
    refusal: () => refusal,
  };
}

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
