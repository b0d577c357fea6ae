import type { ClientOptions } from "openai";
import { fetch as undiciFetch } from "undici";
import type { Agent } from "undici";

type Fetch = NonNullable<ClientOptions["fetch"]>;

export type BoundedFetch = {
  readonly fetch: Fetch;
  /** Whether the answer was cut because it exceeded the limit. */
  exceeded(): boolean;
};

/**
 * A fetch for one request that stops reading after `maxBytes` of answer, whatever the server sends, and follows no
 * redirects. Without a key no Authorization header leaves the process.
 */
export function boundedFetch(dispatcher: Agent, maxBytes: number, anonymous: boolean): BoundedFetch {
  let received = 0;
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
    const limited = response.body?.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(piece, controller) {
          received += piece.byteLength;
          if (received > maxBytes) controller.error(new Error(`more than ${maxBytes} bytes of answer`));
          else controller.enqueue(piece);
        },
      }),
    );
    return new Response(limited ?? null, { status: response.status, headers: [...response.headers] });
  };
  return { fetch, exceeded: () => received > maxBytes };
}
