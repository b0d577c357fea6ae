/** Work per name, each done for one version of what has the name. */
export type Desk<T, V> = {
  /** Begins what is new and calls off what is not wanted any more, or not in this version. */
  want(wanted: readonly T[]): void;
  /** Null while it is under way, or when it was never wanted in this version. */
  result(one: T): V | null;
  /** How many pieces are under way. */
  open(): number;
  /** Calls everything off that runs, results stay, and waits until nothing runs any more. */
  close(): Promise<void>;
};

/** Takes what goes on after the result is there, until the piece is called off. It must not fail. */
export type Beside = (task: Promise<unknown>) => void;

type Piece<V> = {
  readonly version: string;
  readonly abort: AbortController;
  readonly running: Set<Promise<unknown>>;
  done: { readonly value: V } | null;
};

type Options<T, V> = {
  readonly name: (one: T) => string;
  readonly version: (one: T) => string;
  readonly work: (one: T, signal: AbortSignal, beside: Beside) => Promise<V>;
  readonly onDone: () => void;
  readonly onError: (error: unknown) => void;
};

export function createDesk<T, V>({ name, version, work, onDone, onError }: Options<T, V>): Desk<T, V> {
  const pieces = new Map<string, Piece<V>>();
  // What was called off may still hold what its successor needs, e.g. a step of the journal.
  const leaving = new Map<string, Promise<unknown>>();

  const callOff = (key: string, { abort, running }: Piece<V>): void => {
    abort.abort(new Error("another version of it is wanted, or none"));
    if (running.size > 0) leaving.set(key, Promise.all(running));
  };

  const begin = (one: T): void => {
    const key = name(one);
    const abort = new AbortController();
    const { signal } = abort;
    const before = leaving.get(key);
    const running = new Set<Promise<unknown>>();
    const beside: Beside = (task) => {
      running.add(task);
      void task.then(() => running.delete(task));
    };
    const run = async (): Promise<void> => {
      await before;
      if (signal.aborted) return;
      try {
        const value = await work(one, signal, beside);
        if (signal.aborted) return;
        piece.done = { value };
        onDone();
      } catch (error) {
        if (!signal.aborted) onError(error);
      }
    };
    const piece: Piece<V> = { version: version(one), abort, running, done: null };
    pieces.set(key, piece);
    beside(run());
  };

  return {
    want(wanted) {
      const versions = new Map(wanted.map((one) => [name(one), version(one)]));
      for (const [key, piece] of pieces) {
        if (versions.get(key) === piece.version) continue;
        pieces.delete(key);
        callOff(key, piece);
      }
      for (const one of wanted) if (!pieces.has(name(one))) begin(one);
    },
    result(one) {
      const piece = pieces.get(name(one));
      return piece?.version === version(one) ? (piece.done?.value ?? null) : null;
    },
    open: () => [...pieces.values()].filter(({ done }) => done === null).length,
    async close() {
      for (const [key, piece] of pieces) {
        if (piece.done === null) pieces.delete(key);
        callOff(key, piece);
      }
      await Promise.all(leaving.values());
    },
  };
}
