export type TurnCurve = {
  /** Share solved within 1, 2, ... turns; never falls. */
  readonly solved: readonly number[];
  /** What each turn adds. */
  readonly gains: readonly number[];
};

/**
 * Share of instances solved within t turns of feedback, which `Fixing on the Fly` prints as "Pass@k"; it is not pass@k,
 * whose samples do not see each other. `solvedAt` holds each instance's first right turn, from 1, or null.
 */
export function solvedWithin(solvedAt: readonly (number | null)[], turns: number): TurnCurve {
  const numbers = Array.from({ length: turns }, (_, turn) => turn + 1);
  const share = (count: number): number => (solvedAt.length === 0 ? 0 : count / solvedAt.length);
  return {
    solved: numbers.map((t) => share(solvedAt.filter((turn) => turn !== null && turn <= t).length)),
    gains: numbers.map((t) => share(solvedAt.filter((turn) => turn === t).length)),
  };
}
