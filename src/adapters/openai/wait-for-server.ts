import type { RepairError } from "../../domain/errors.ts";
import type { Clock } from "../../ports/clock.ts";
import { pollMs, type Breaker, type Pass } from "./breaker.ts";
import { cancelled } from "./cancellation.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Seats, SeatsWanted, SequenceQueue } from "./sequence-queue.ts";

/** One process that serves models, perhaps for several roles. */
export type Server = { readonly queue: SequenceQueue; readonly breaker: Breaker };

/** Whoever waits for a server hears of every change of a breaker. */
export type Changes = { readonly listeners: Set<() => void> };

export type Waiting = {
  readonly replicas: ReadonlyMap<Endpoint, Server>;
  readonly changes: Changes;
  readonly clock: Clock;
  readonly patienceMs: number;
  /** Who may get the call now, the best first. */
  choices(): readonly Endpoint[];
  unreachable(): RepairError;
};

export type Seated = { readonly endpoint: Endpoint; readonly seats: Seats; readonly pass: Pass };

type Offer = { readonly endpoint: Endpoint; readonly breaker: Breaker; readonly seats: Seats };

/**
 * Stands in the queues of all servers that may get the call, takes the first seats that are offered and leaves the other
 * queues. A server that breaks meanwhile is passed over; one that is back is queued at as well.
 */
export async function waitForServer(
  waiting: Waiting,
  want: SeatsWanted,
  signal: AbortSignal,
): Promise<Seated> {
  const { replicas, changes, clock } = waiting;
  const startedAt = clock.now();
  const leaving = new AbortController();
  const standing = new Set<Endpoint>();
  const offers: Offer[] = [];
  const alarm = createAlarm();

  const stand = async (endpoint: Endpoint, { queue, breaker }: Server): Promise<void> => {
    standing.add(endpoint);
    // It fails only for those who leave.
    const seats = await queue.take(want, leaving.signal).catch(() => null);
    if (seats === null) return;
    if (leaving.signal.aborted) return seats.release();
    offers.push({ endpoint, breaker, seats });
    alarm.ring();
  };

  changes.listeners.add(alarm.ring);
  signal.addEventListener("abort", alarm.ring, { once: true });
  try {
    for (;;) {
      if (signal.aborted) throw cancelled(signal);
      for (let offer = offers.shift(); offer !== undefined; offer = offers.shift()) {
        const { endpoint, breaker, seats } = offer;
        standing.delete(endpoint);
        const pass = breaker.enter();
        if (pass !== null) return { endpoint, seats, pass };
        seats.release();
      }
      for (const { breaker } of replicas.values()) breaker.poll();
      for (const endpoint of waiting.choices()) {
        const server = replicas.get(endpoint);
        if (server === undefined || standing.has(endpoint)) continue;
        const isFree = server.queue.hasRoom(want.sequences);
        void stand(endpoint, server);
        if (isFree) break;
      }
      await alarm.within(clock, timeLeft(waiting, startedAt));
    }
  } finally {
    changes.listeners.delete(alarm.ring);
    signal.removeEventListener("abort", alarm.ring);
    leaving.abort();
    for (const { seats } of offers) seats.release();
  }
}

/** Milliseconds until somebody should look again; throws when no server was there for too long. */
function timeLeft({ replicas, clock, patienceMs, unreachable }: Waiting, startedAt: number): number {
  const away = [...replicas.values()].map(({ breaker }) => breaker.awaySince());
  const since = away.reduce<number | null>(
    (latest, one) => (one === null || latest === null ? null : Math.max(latest, one)),
    startedAt,
  );
  if (since === null) return pollMs;
  const left = since + patienceMs - clock.now();
  if (left <= 0) throw unreachable();
  return Math.min(pollMs, left);
}

type Alarm = {
  readonly ring: () => void;
  /** Waits until it rings or has rung, at most so many milliseconds. */
  within(clock: Clock, milliseconds: number): Promise<void>;
};

function createAlarm(): Alarm {
  let rung = false;
  let wake: (() => void) | null = null;
  return {
    ring() {
      rung = true;
      wake?.();
    },
    async within(clock, milliseconds) {
      const timer = new AbortController();
      wake = () => timer.abort();
      if (!rung) await clock.sleep(milliseconds, timer.signal).catch(() => undefined);
      wake = null;
      rung = false;
    },
  };
}
