/** What share of a run's requests may be repetitions. */
export type RetryBudget = {
  /** Counts a request. */
  asked(run: string): void;
  /** Whether one more may be repeated; counts it then. */
  mayRepeat(run: string): boolean;
};

const share = 0.2;
/** Runs remembered at a time, far more than are under way; a forgotten one starts anew. */
const remembered = 1_000;

/** At most a fifth of a run's requests, but `floor` in any case: many failures are the server's trouble, and repeating makes it worse. */
export function createRetryBudget(floor: number): RetryBudget {
  const runs = new Map<string, { asked: number; repeated: number }>();
  const countsOf = (run: string): { asked: number; repeated: number } => {
    const counts = runs.get(run) ?? { asked: 0, repeated: 0 };
    runs.delete(run);
    runs.set(run, counts);
    const [oldest] = runs.keys();
    if (runs.size > remembered && oldest !== undefined) runs.delete(oldest);
    return counts;
  };
  return {
    asked(run) {
      countsOf(run).asked += 1;
    },
    mayRepeat(run) {
      const counts = countsOf(run);
      if (counts.repeated >= Math.max(floor, counts.asked * share)) return false;
      counts.repeated += 1;
      return true;
    },
  };
}
