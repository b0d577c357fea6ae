/** Lets so many jobs in at a time; whoever has the highest turn when a place becomes free is next, the first of equals. */
export type Gate = <T>(turn: () => number, job: () => Promise<T>) => Promise<T>;

export function createGate(places: number): Gate {
  const waiting: { readonly turn: () => number; readonly enter: () => void }[] = [];
  let free = places;
  const admit = (): void => {
    if (free === 0) return;
    const turns = waiting.map(({ turn }) => turn());
    const [next] = waiting.splice(turns.indexOf(Math.max(...turns)), 1);
    if (next === undefined) return;
    free -= 1;
    next.enter();
  };
  return async (turn, job) => {
    await new Promise<void>((enter) => {
      waiting.push({ turn, enter });
      admit();
    });
    try {
      return await job();
    } finally {
      free += 1;
      admit();
    }
  };
}
