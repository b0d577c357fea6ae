import { solve } from "./solve.ts";

/** Something that was so or not, with what was known before, counted `weight` times. */
export type Observation = {
  readonly features: readonly number[];
  readonly right: boolean;
  readonly weight: number;
};

const steps = 100;
const settled = 1e-10;

/**
 * The logistic regression of `right` on the features by Newton's method: the intercept, then a weight for each feature.
 * `ridge` is the precision of a normal prior about zero on each of them, without which perfectly separated observations
 * have no finite answer; 0 is maximum likelihood.
 */
export function fitLogistic(observations: readonly Observation[], ridge: number): readonly number[] {
  const rows = observations.map(({ features, right, weight }) => ({
    x: [1, ...features],
    y: Number(right),
    weight,
  }));
  let beta: readonly number[] = (rows[0]?.x ?? [1]).map(() => 0);
  for (let step = 0; step < steps; step += 1) {
    const slope = beta.map((value) => ridge * value);
    const curve = beta.map((_, at) => beta.map((_, other) => (at === other ? ridge : 0)));
    for (const { x, y, weight } of rows) {
      const p = 1 / (1 + Math.exp(-dot(x, beta)));
      for (const [at, value] of x.entries()) {
        slope[at] = (slope[at] ?? 0) + weight * (p - y) * value;
        for (const [other, beside] of x.entries()) {
          const line = curve[at];
          if (line !== undefined) line[other] = (line[other] ?? 0) + weight * p * (1 - p) * value * beside;
        }
      }
    }
    const move = solve(curve, slope);
    beta = beta.map((value, at) => value - (move[at] ?? 0));
    if (move.every((by) => Math.abs(by) < settled)) break;
  }
  return beta;
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
