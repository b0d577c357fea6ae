/**
 * Does pieces of work that have the same key one after another, in the order in which they were asked for. Whose `signal`
 * aborts waits no longer, and its work is not begun; work under way is its own to break off.
 */
export type Turns = <T>(key: string, work: () => Promise<T>, signal?: AbortSignal) => Promise<T>;

export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return async (key, work, signal) => {
    const before = last.get(key) ?? Promise.resolve();
    let begun = false;
    const begin = () => {
      signal?.throwIfAborted();
      begun = true;
      return work();
    };
    const mine = before.then(begin, begin);
    last.set(key, mine);
    const letGo = (): void => {
      if (last.get(key) === mine) last.delete(key);
    };
    mine.then(letGo, letGo);
    if (signal === undefined) return mine;
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        if (!begun) reject(signal.reason);
      };
      signal.addEventListener("abort", stop, { once: true });
      mine.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
    });
  };
}
