import { RepairError } from "../domain/errors.ts";

/** Places for jobs that run at the same time, numbered from 0. */
export type Slots = {
  /** A line of its own for one session: lines with waiting jobs are served in turn. */
  line(): SlotLine;
};

export type SlotLine = {
  /**
   * Waits for a place, which the line gives to whoever has the greatest `turn` then, the first of equals. Throws
   * RepairError `cancelled` as soon as `signal` aborts while it waits.
   */
  use<T>(signal: AbortSignal, work: (slot: number) => Promise<T>, turn?: () => number): Promise<T>;
};

type Waiting = { readonly turn: () => number; readonly begin: (slot: number) => void };

const first = (): number => Infinity;

export function createSlots(count: number): Slots {
  const free = Array.from({ length: count }, (_, index) => count - 1 - index);
  /** Lines in which someone waits, the next to be served first. */
  const lines: Waiting[][] = [];

  const serve = (): void => {
    while (free.length > 0) {
      const line = lines.shift();
      const next = line === undefined ? undefined : takeNext(line);
      if (line === undefined || next === undefined) return;
      if (line.length > 0) lines.push(line);
      next.begin(free.pop() ?? 0);
    }
  };
  const leave = (line: Waiting[], waiting: Waiting): void => {
    line.splice(line.indexOf(waiting), 1);
    if (line.length === 0) lines.splice(lines.indexOf(line), 1);
  };
  const enter = (line: Waiting[], signal: AbortSignal, turn: () => number): Promise<number> =>
    new Promise((resolve, reject) => {
      const onAbort = () => {
        leave(line, waiting);
        reject(cancelled());
      };
      const begin = (slot: number) => {
        signal.removeEventListener("abort", onAbort);
        resolve(slot);
      };
      const waiting = { turn, begin };
      signal.addEventListener("abort", onAbort, { once: true });
      line.push(waiting);
      if (line.length === 1) lines.push(line);
      serve();
    });

  return {
    line() {
      const line: Waiting[] = [];
      return {
        async use(signal, work, turn = first) {
          throwIfAborted(signal);
          const slot = await enter(line, signal, turn);
          try {
            throwIfAborted(signal);
            return await work(slot);
          } finally {
            free.push(slot);
            serve();
          }
        },
      };
    },
  };
}

function takeNext(line: Waiting[]): Waiting | undefined {
  const turns = line.map(({ turn }) => turn());
  return line.splice(turns.indexOf(Math.max(...turns)), 1)[0];
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
