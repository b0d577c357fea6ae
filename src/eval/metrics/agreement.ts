/** A judge's word on a patch beside the truth, both orders of presentation where the judge was shown two patches. */
export type Judged = { readonly said: boolean; readonly truth: boolean };

/** How often each of four outcomes occurred. */
export type Confusion = {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly trueNegatives: number;
  readonly falseNegatives: number;
};

export function confusion(judged: readonly Judged[]): Confusion {
  const count = (said: boolean, truth: boolean): number =>
    judged.filter((one) => one.said === said && one.truth === truth).length;
  return {
    truePositives: count(true, true),
    falsePositives: count(true, false),
    trueNegatives: count(false, false),
    falseNegatives: count(false, true),
  };
}

const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

/** Null where the denominator is empty. */
export const precision = ({ truePositives, falsePositives }: Confusion): number | null =>
  ratio(truePositives, truePositives + falsePositives);

export const recall = ({ truePositives, falseNegatives }: Confusion): number | null =>
  ratio(truePositives, truePositives + falseNegatives);

const sizeOf = (table: Confusion): number =>
  table.truePositives + table.falsePositives + table.trueNegatives + table.falseNegatives;

export const accuracy = (table: Confusion): number | null =>
  ratio(table.truePositives + table.trueNegatives, sizeOf(table));

/**
 * Cohen's kappa: agreement beyond what the two sides' own frequencies give by chance. Null when chance alone agrees
 * always, so that nothing is left to measure.
 */
export function cohenKappa(table: Confusion): number | null {
  const size = sizeOf(table);
  const observed = accuracy(table);
  if (observed === null) return null;
  const saidYes = (table.truePositives + table.falsePositives) / size;
  const isYes = (table.truePositives + table.falseNegatives) / size;
  const expected = saidYes * isYes + (1 - saidYes) * (1 - isYes);
  return expected === 1 ? null : (observed - expected) / (1 - expected);
}

/** Which of two patches a judge preferred when shown in one order and in the other. */
export type BothOrders<T> = { readonly forward: T; readonly backward: T };

/** Share of pairs for which the order did not matter; null of nothing. */
export const positionConsistency = <T>(pairs: readonly BothOrders<T>[]): number | null =>
  ratio(pairs.filter(({ forward, backward }) => forward === backward).length, pairs.length);

/** A reward model's scores of a right and a wrong answer to the same prompt. */
export type ScoredPair = { readonly chosen: number; readonly rejected: number };

/** Share of pairs in which the chosen one scores higher; a tie counts half. Null of nothing. */
export const preferenceAccuracy = (pairs: readonly ScoredPair[]): number | null =>
  ratio(
    pairs.reduce(
      (sum, { chosen, rejected }) => sum + (chosen > rejected ? 1 : chosen === rejected ? 0.5 : 0),
      0,
    ),
    pairs.length,
  );
