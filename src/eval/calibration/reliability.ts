import type { Predicted } from "./calibrate.ts";

/** Leaders whose probability lies in one tenth: what was said of them, and what share of them is right. */
export type Bin = {
  readonly said: number;
  readonly right: number;
  /** In cases. */
  readonly weight: number;
  readonly cases: number;
};

const bins = 10;

/** Ascending; tenths into which nothing falls are left out. */
export function reliabilityBins(predicted: readonly Predicted[]): readonly Bin[] {
  const binOf = ({ probability }: Predicted): number => Math.min(bins - 1, Math.floor(probability * bins));
  return Array.from({ length: bins }, (_, bin) => predicted.filter((one) => binOf(one) === bin)).flatMap(
    (inside) => {
      const weight = sum(inside.map((one) => one.weight));
      if (weight === 0) return [];
      return [
        {
          said: sum(inside.map((one) => one.weight * one.probability)) / weight,
          right: sum(inside.map((one) => (one.right ? one.weight : 0))) / weight,
          weight,
          cases: new Set(inside.map(({ instance }) => instance)).size,
        },
      ];
    },
  );
}

/** Brier's score of one prediction: the squared distance of what was said from what is so. */
export const brierOf = (probability: number, right: boolean): number => (probability - Number(right)) ** 2;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
