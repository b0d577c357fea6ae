import { RepairError } from "../domain/errors.ts";

/** Places for jobs that run at the same time, numbered from 0. */
export type Slots = {
  /** A line of its own for one session: lines with waiting jobs are served in turn. */
  line(): SlotLine;
};

export type SlotLine = {
  /**
   * Waits for a place. The line gives it to whoever has the greatest `turn` then, the first of equals. Throws RepairError
   * `cancelled` as soon as `signal` aborts while it waits. `work` is handed a signal of its own, which aborts with that one
   * and when spare work has to give up its place.
   */
  use<T>(
    signal: AbortSignal,
    work: (slot: number, signal: AbortSignal) => Promise<T>,
    order?: Order,
  ): Promise<T>;
};

export type Order = {
  /** Left out: before all that have one. */
  readonly turn?: (() => number) | undefined;
  /**
   * Until it aborts the work is spare: it waits while another line has work that is not, and is ended, to wait again, for
   * such work of another line or of a greater turn.
   */
  readonly spareUntil?: AbortSignal | undefined;
};

type Job = { readonly turn: () => number; readonly isSpare: () => boolean };
type Waiting = Job & { readonly begin: (slot: number) => void };
type Running = Job & {
  readonly slot: number;
  readonly line: readonly Waiting[];
  /** Aborts when spare work has to give up its place. */
  readonly giveUp: AbortController;
};

const first = (): number => Infinity;

export function createSlots(count: number): Slots {
  const free = Array.from({ length: count }, (_, index) => count - 1 - index);
  /** Lines in which someone waits, the next to be served first. */
  const lines: Waiting[][] = [];
  const spare = new Set<Running>();

  const serve = (): void => {
    while (free.length > 0) {
      const needy = lines.filter((line) => line.some(isNeeded));
      const line = needy[0] ?? lines[0];
      const next = greatest((needy.length > 1 ? line?.filter(isNeeded) : line) ?? []);
      if (line === undefined || next === undefined) return;
      leave(line, next);
      if (line.length > 0) lines.push(...lines.splice(lines.indexOf(line), 1));
      next.begin(free.pop() ?? 0);
    }
    makeRoom();
  };

  /** Ends spare work whose places others wait for. */
  const makeRoom = (): void => {
    const claims = lines
      .flatMap((line) => line.filter(isNeeded).map(({ turn }) => ({ line, turn: turn() })))
      .toSorted((a, b) => b.turn - a.turn);
    const leaving = [...spare].filter(({ giveUp }) => giveUp.signal.aborted).length;
    for (const claim of claims.slice(leaving)) {
      const gives = (one: Running): boolean =>
        one.isSpare() && !one.giveUp.signal.aborted && (one.line !== claim.line || one.turn() < claim.turn);
      const [least] = [...spare].filter(gives).toSorted((a, b) => a.turn() - b.turn());
      least?.giveUp.abort();
    }
  };

  const leave = (line: Waiting[], waiting: Waiting): void => {
    line.splice(line.indexOf(waiting), 1);
    if (line.length === 0) lines.splice(lines.indexOf(line), 1);
  };
  const enter = (line: Waiting[], signal: AbortSignal, job: Job, needed?: AbortSignal): Promise<Running> =>
    new Promise((resolve, reject) => {
      const stopListening = () => {
        signal.removeEventListener("abort", onAbort);
        needed?.removeEventListener("abort", serve);
      };
      const onAbort = () => {
        stopListening();
        leave(line, waiting);
        reject(cancelled());
      };
      const begin = (slot: number) => {
        stopListening();
        const running = { ...job, slot, line, giveUp: new AbortController() };
        if (job.isSpare()) spare.add(running);
        resolve(running);
      };
      const waiting = { ...job, begin };
      signal.addEventListener("abort", onAbort, { once: true });
      needed?.addEventListener("abort", serve, { once: true });
      line.push(waiting);
      if (line.length === 1) lines.push(line);
      serve();
    });

  return {
    line() {
      const line: Waiting[] = [];
      return {
        async use(signal, work, { turn = first, spareUntil } = {}) {
          const job: Job = { turn, isSpare: () => spareUntil?.aborted === false };
          for (;;) {
            throwIfAborted(signal);
            const running = await enter(line, signal, job, spareUntil);
            const { slot, giveUp } = running;
            const granted = spare.has(running) ? AbortSignal.any([signal, giveUp.signal]) : signal;
            try {
              throwIfAborted(granted);
              const done = await work(slot, granted);
              // What ended while it gave up its place may have been cut off.
              if (!giveUp.signal.aborted) return done;
            } catch (error) {
              if (signal.aborted || !giveUp.signal.aborted) throw error;
            } finally {
              spare.delete(running);
              free.push(slot);
              serve();
            }
          }
        },
      };
    },
  };
}

const isNeeded = ({ isSpare }: Job): boolean => !isSpare();

function greatest(waiting: readonly Waiting[]): Waiting | undefined {
  const turns = waiting.map(({ turn }) => turn());
  return waiting[turns.indexOf(Math.max(...turns))];
}

/** Throws RepairError `cancelled`. */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled();
}

export const cancelled = (): RepairError => new RepairError("cancelled", "The sandbox job was cancelled.");

/** The promise's value; throws RepairError `cancelled` as soon as `signal` aborts. The promise's own work goes on. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(cancelled());
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
