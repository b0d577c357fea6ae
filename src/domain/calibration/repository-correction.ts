import { estimateRight, type Calibration } from "./calibration.ts";
import type { Signals } from "./signals.ts";

/** A pull request of a repository that came to an end: what spoke for its patch, and whether people took it as it was. */
export type Outcome = { readonly signals: Signals; readonly right: boolean };

/** How far a repository's outcomes lie from what a calibration foretold of them. */
export type RepositoryCorrection = {
  readonly outcomes: number;
  readonly right: number;
  /** As many right ones as the calibration foretold. */
  readonly foretold: number;
  /** What is to be added to the intercept, in log odds. */
  readonly shift: number;
  /** 95 %, by the curvature of the posterior at the shift. */
  readonly interval: { readonly low: number; readonly high: number };
  /** Why the shift is not applied, null when it is. */
  readonly undecided: string | null;
};

/**
 * Standard deviation of the normal prior about 0 on the shift: two repositories of three are taken to differ from the known
 * cases by less than a factor e in the odds. Chosen, not fitted: no outcomes of several repositories are known yet.
 */
const priorDeviation = 1;

/** With fewer outcomes nothing is applied: where nine of ten are right, that many say about as much as the prior does. */
export const fewestOutcomes = 10;

const z95 = 1.96;

/** The most probable shift of the intercept for a repository, drawn towards 0 by the prior. */
export function repositoryCorrection(
  outcomes: readonly Outcome[],
  calibration: Calibration,
): RepositoryCorrection {
  const at = (shift: number): readonly number[] =>
    outcomes.map(({ signals }) =>
      estimateRight(signals, { ...calibration, intercept: calibration.intercept + shift }),
    );
  const right = outcomes.filter((one) => one.right).length;
  const precision = 1 / priorDeviation ** 2;
  const shift = fallsToZero(
    (candidate) => right - sum(at(candidate)) - precision * candidate,
    outcomes.length / precision,
  );
  const information = precision + sum(at(shift).map((p) => p * (1 - p)));
  const half = z95 / Math.sqrt(information);
  return {
    outcomes: outcomes.length,
    right,
    foretold: sum(at(0)),
    shift,
    interval: { low: shift - half, high: shift + half },
    undecided:
      outcomes.length >= fewestOutcomes
        ? null
        : `${outcomes.length} of its pull requests have an outcome, and ${fewestOutcomes} are needed`,
  };
}

/**
 * The calibration as it holds for the repository. Whether a probability may be shown at all stays as it was: outcomes of one
 * repository cannot stand in for cases that were never measured.
 */
export const correctedFor = (
  { shift, undecided, outcomes, right }: RepositoryCorrection,
  calibration: Calibration,
): Calibration =>
  undecided === null
    ? { ...calibration, intercept: calibration.intercept + shift, correctedBy: { outcomes, right } }
    : calibration;

/** Where a falling function crosses zero between `-bound` and `bound`, by bisection. */
function fallsToZero(falling: (value: number) => number, bound: number): number {
  let [low, high] = [-bound, bound];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (falling(middle) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
