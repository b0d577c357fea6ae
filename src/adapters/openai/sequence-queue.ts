import type { CallPriority } from "../../ports/inference-client.ts";
import { cancelled } from "./cancellation.ts";

/** What one call holds of a server. */
export type Seats = {
  /** Gives so many back, all that are left by default; more than there are is harmless. */
  release(sequences?: number): void;
};

export type SeatsWanted = {
  readonly run: string;
  readonly priority: CallPriority;
  readonly sequences: number;
};

/** The sequences that one server works on at a time: those who want some wait here. */
export type SequenceQueue = {
  /** Throws RepairError `cancelled` when `signal` aborts first. */
  take(want: SeatsWanted, signal: AbortSignal): Promise<Seats>;
  /** Sequences under way. */
  busy(): number;
  /** Whether so many would be let in without waiting. */
  hasRoom(sequences: number): boolean;
};

type Waiting = {
  readonly want: SeatsWanted;
  readonly arrival: number;
  admit(): void;
};

/** One run's place in the round: what it may still take in this round, in sequences. */
type Share = { readonly run: string; readonly waiting: Set<Waiting>; deficit: number };

/**
 * Deficit round robin: runs that wait get the same number of sequences, whatever the size of their calls; inside a run
 * the lowest priority number goes first, then who came first. A call of more than `limit` sequences goes alone.
 */
export function createSequenceQueue(limit: number): SequenceQueue {
  const round: Share[] = [];
  /** The run at the front of the round, once it has got its share of this round. */
  let turn: Share | null = null;
  let busy = 0;
  let arrivals = 0;

  const fits = (sequences: number): boolean => busy + Math.min(sequences, limit) <= limit;

  function shareOf(run: string): Share {
    const known = round.find((share) => share.run === run);
    if (known !== undefined) return known;
    const share: Share = { run, waiting: new Set(), deficit: 0 };
    round.push(share);
    return share;
  }

  /** Whoever does not fit stops the round, or large calls would wait for ever. */
  function admit(): void {
    for (let front = round[0]; front !== undefined; front = round[0]) {
      if (front !== turn) front.deficit += 1;
      turn = front;
      const next = firstOf(front.waiting);
      if (next === null || next.want.sequences > front.deficit) {
        round.shift();
        turn = null;
        if (next !== null) round.push(front);
        continue;
      }
      if (!fits(next.want.sequences)) return;
      front.waiting.delete(next);
      front.deficit -= next.want.sequences;
      next.admit();
    }
  }

  function seats(sequences: number): Seats {
    let held = sequences;
    busy += Math.min(held, limit);
    return {
      release(count = held) {
        const left = Math.max(0, held - Math.max(0, count));
        busy -= Math.min(held, limit) - Math.min(left, limit);
        held = left;
        admit();
      },
    };
  }

  return {
    busy: () => busy,
    hasRoom: (sequences) => round.length === 0 && fits(sequences),
    take: (want, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(cancelled(signal));
        const share = shareOf(want.run);
        const leave = (): void => {
          share.waiting.delete(entry);
          reject(cancelled(signal));
          admit();
        };
        const entry: Waiting = {
          want,
          arrival: (arrivals += 1),
          admit() {
            signal.removeEventListener("abort", leave);
            resolve(seats(want.sequences));
          },
        };
        signal.addEventListener("abort", leave, { once: true });
        share.waiting.add(entry);
        admit();
      }),
  };
}

function firstOf(waiting: ReadonlySet<Waiting>): Waiting | null {
  let first: Waiting | null = null;
  for (const one of waiting) if (first === null || comesBefore(one, first)) first = one;
  return first;
}

const comesBefore = (a: Waiting, b: Waiting): boolean =>
  a.want.priority === b.want.priority ? a.arrival < b.arrival : a.want.priority < b.want.priority;
