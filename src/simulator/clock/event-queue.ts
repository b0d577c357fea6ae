import type { EventEffect } from "./timeline.ts";

export type QueuedEvent = { readonly time: number; readonly order: number; run: (() => EventEffect) | null };

export type EventQueue = {
  add(time: number, run: () => EventEffect): () => void;
  /** Earliest event that is not cancelled; those of the same time come in the order they were added. */
  peek(): QueuedEvent | null;
  take(): QueuedEvent | null;
};

/** A binary heap; cancelled events stay in it until their time comes. */
export function createEventQueue(): EventQueue {
  const heap: QueuedEvent[] = [];
  let added = 0;
  const peek = (): QueuedEvent | null => {
    while (heap[0]?.run === null) removeFirst(heap);
    return heap[0] ?? null;
  };
  return {
    peek,
    add(time, run) {
      const event: QueuedEvent = { time, order: added, run };
      added += 1;
      insert(heap, event);
      return () => {
        event.run = null;
      };
    },
    take() {
      const event = peek();
      if (event !== null) removeFirst(heap);
      return event;
    },
  };
}

const isBefore = (a: QueuedEvent, b: QueuedEvent): boolean =>
  a.time === b.time ? a.order < b.order : a.time < b.time;

function insert(heap: QueuedEvent[], event: QueuedEvent): void {
  let at = heap.length;
  heap.push(event);
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above];
    if (parent === undefined || isBefore(parent, event)) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = event;
}

function removeFirst(heap: QueuedEvent[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    const left = heap[2 * at + 1];
    if (left === undefined) break;
    const right = heap[2 * at + 2];
    const [child, index] =
      right !== undefined && isBefore(right, left) ? [right, 2 * at + 2] : [left, 2 * at + 1];
    if (isBefore(last, child)) break;
    heap[at] = child;
    at = index;
  }
  heap[at] = last;
}
