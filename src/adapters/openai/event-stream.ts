import { createParser } from "eventsource-parser";
import type { BoundedFetch } from "./bounded-fetch.ts";

export type EventReader = {
  /** The data of one event. Returns false when no more is wanted. */
  onEvent(data: string): boolean;
  /** All events of what arrived together have been handed over. Comments alone, with which servers keep a line open, are none. */
  onPause(): void;
};

/**
 * Reads an answer of server-sent events to its end, or until no more is wanted; what follows `[DONE]` is not looked at. Throws
 * as `BoundedFetch.read`.
 */
export function readEvents(wire: BoundedFetch, { onEvent, onPause }: EventReader): Promise<void> {
  let isWanted = true;
  let isDone = false;
  let hasRead = false;
  const decoder = new TextDecoder();
  const parser = createParser({
    onEvent({ data }) {
      isDone ||= data.startsWith("[DONE]");
      if (!isWanted || isDone) return;
      hasRead = true;
      isWanted = onEvent(data);
    },
  });
  return wire.read((piece) => {
    parser.feed(decoder.decode(piece, { stream: true }));
    if (isWanted && hasRead) onPause();
    hasRead = false;
    return isWanted;
  });
}
