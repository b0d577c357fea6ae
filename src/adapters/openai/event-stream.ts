import { createParser } from "eventsource-parser";
import type { BoundedFetch } from "./bounded-fetch.ts";

export type EventReader = {
  /** The data of one event. Returns false when no more is wanted. */
  onEvent(data: string): boolean;
  /** All events of what arrived together have been handed over. Comments alone, with which servers keep a line open, are none. */
  onPause(): void;
};

/** Characters of one event; twelve whole answers of 8,192 tokens have less than half of that. */
const largestEvent = 1024 * 1024;

/**
 * Reads an answer of server-sent events to its end, or until no more is wanted; what follows `[DONE]` is not looked at. Resolves
 * to whether every event had an end within reason; what follows one that had not is not looked at either. Throws as
 * `BoundedFetch.read`.
 */
export async function readEvents(wire: BoundedFetch, { onEvent, onPause }: EventReader): Promise<boolean> {
  let isWanted = true;
  let isBounded = true;
  let isDone = false;
  let hasRead = false;
  const decoder = new TextDecoder();
  const parser = createParser({
    maxBufferSize: largestEvent,
    onError({ type }) {
      if (type === "max-buffer-size-exceeded") isBounded = false;
    },
    onEvent({ data }) {
      isDone ||= data.startsWith("[DONE]");
      if (!isWanted || isDone) return;
      hasRead = true;
      isWanted = onEvent(data);
    },
  });
  await wire.read((piece) => {
    parser.feed(decoder.decode(piece, { stream: true }));
    if (isWanted && hasRead) onPause();
    hasRead = false;
    return isWanted && isBounded;
  });
  return isBounded;
}
