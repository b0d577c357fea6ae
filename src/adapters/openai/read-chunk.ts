import { Chunk } from "./answer.ts";
import type { Endpoint } from "./endpoint.ts";
import { errorEvent, failed } from "./failure.ts";
import type { AttemptFailure } from "./failure.ts";
import { messageOf } from "./refusal.ts";

export type ReadChunk =
  | { readonly kind: "chunk"; readonly chunk: Chunk }
  | { readonly kind: "failed"; readonly failure: AttemptFailure };

/** A streamed event's data as a chunk of the answer, or what it says or shows to be wrong. Never throws. */
export function readChunk(data: string, endpoint: Endpoint): ReadChunk {
  let json: unknown;
  try {
    json = JSON.parse(data);
  } catch {
    return { kind: "failed", failure: failed("protocol", "the server sent malformed JSON", "always") };
  }
  const { success, data: chunk } = Chunk.safeParse(json);
  if (!success) {
    const failure = failed("protocol", "the server sent a chunk of unknown shape", "always");
    return { kind: "failed", failure };
  }
  if (!chunk.error && chunk.object !== "error") return { kind: "chunk", chunk };
  return { kind: "failed", failure: errorEvent(messageOf(data), data, endpoint) };
}
