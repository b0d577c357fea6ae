import type { ClientOptions } from "openai";
import { fetch as undiciFetch } from "undici";
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
  const fetch: Fetch = async (input, init = {}) => {
    const headers = new Headers(init.headers);
    if (anonymous) headers.delete("authorization");
    const response = await undiciFetch(input instanceof Request ? input.url : input, {
      dispatcher,
      redirect: "manual",
      method: init.method ?? "GET",
      headers: [...headers],
      ...(typeof init.body === "string" ? { body: init.body } : {}),
      ...(init.signal ? { signal: init.signal } : {}),
    });
    const { status } = response;
    const answered = new Headers([...response.headers]);
    if (!response.ok) {
      const body = response.body === null ? "" : await beginningOf(response.body);
      refusal = { status, body, headers: answered };
      return new Response(body === "" ? null : body, { status, headers: answered });
    }
    const limited = response.body?.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(piece, controller) {
          received += piece.byteLength;
          if (received > maxBytes) controller.error(new Error(`more than ${maxBytes} bytes of answer`));
          else controller.enqueue(piece);
        },
      }),
    );
    return new Response(limited ?? null, { status, headers: answered });
  };
  return { fetch, exceeded: () => received > maxBytes, refusal: () => refusal };
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
