import type { IncomingMessage } from "node:http";
import type { Answer } from "./answer.ts";
import type { EmulatedGitHub } from "./emulator.ts";

const passedOn = ["authorization", "accept", "content-type", "user-agent"];
const passedBack = [
  "link",
  "x-ratelimit-limit",
  "x-ratelimit-remaining",
  "x-ratelimit-reset",
  "x-ratelimit-resource",
];

/**
 * Sends requests on to emulate and writes the overlay's address over emulate's in what comes back; without a body the
 * path is only read.
 */
export function emulatedAnswers(
  emulated: Pick<EmulatedGitHub, "url" | "advertised">,
  site: { readonly url: string },
): (request: IncomingMessage, path: string, body: Buffer | null) => Promise<Answer> {
  return async (request, path, body) => {
    const headers = new Headers();
    for (const name of passedOn) {
      const value = request.headers[name];
      if (typeof value === "string") headers.set(name, value);
    }
    const method = body === null ? "GET" : (request.method ?? "GET");
    const response = await fetch(`${emulated.url}${path}`, {
      method,
      headers,
      ...(body === null || method === "GET" || method === "HEAD" ? {} : { body }),
    });
    const text = readdressed(await response.text(), emulated, site);
    const kept = passedBack.flatMap((name) => {
      const value = response.headers.get(name);
      return value === null ? [] : [[name, readdressed(value, emulated, site)]];
    });
    return {
      status: response.status,
      body: text === "" ? null : (JSON.parse(text) as unknown),
      headers: Object.fromEntries(kept) as Record<string, string>,
    };
  };
}

export const readdressed = (
  text: string,
  emulated: Pick<EmulatedGitHub, "advertised">,
  site: { readonly url: string },
): string => text.replaceAll(new URL(emulated.advertised).host, new URL(site.url).host);
