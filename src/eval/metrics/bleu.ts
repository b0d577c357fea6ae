import { countNgrams } from "./ngrams.ts";

/** A candidate with the references it may match, as tokens. */
export type TokenPair = {
  readonly candidate: readonly string[];
  readonly references: readonly (readonly string[])[];
};

/**
 * What stands in for the count of an order without any match: nothing (the score is then 0), or Chen and Cherry's method 1,
 * a tenth of a match.
 */
export type Smoothing = "none" | "method1";

/** Clipped matches of one n-gram order, and how many there could have been. */
export type Matches = { readonly matched: number; readonly possible: number };

const orders = [1, 2, 3, 4] as const;

/** BLEU-4 of a corpus (Papineni et al. 2002): counts are summed over all pairs before anything is divided. */
export function corpusBleu(pairs: readonly TokenPair[], smoothing: Smoothing): number {
  const matches = orders.map((n) => total(pairs.map((pair) => precision(pair, n))));
  const length = pairs.reduce((sum, { candidate }) => sum + candidate.length, 0);
  const reference = pairs.reduce(
    (sum, { candidate, references }) => sum + closest(references, candidate.length),
    0,
  );
  return combine(matches, brevityPenalty(length, reference), smoothing);
}

/** BLEU-4 of one text. */
export const sentenceBleu = (pair: TokenPair, smoothing: Smoothing): number => corpusBleu([pair], smoothing);

/** The geometric mean of four orders' ratios, times the penalty; 0 when not even one token matches. */
export function combine(matches: readonly Matches[], penalty: number, smoothing: Smoothing): number {
  if ((matches[0]?.matched ?? 0) === 0) return 0;
  const logs = matches.map(({ matched, possible }) =>
    Math.log((matched === 0 && smoothing === "method1" ? 0.1 : matched) / possible),
  );
  return penalty * Math.exp(logs.reduce((sum, log) => sum + log / matches.length, 0));
}

export function brevityPenalty(length: number, reference: number): number {
  if (length > reference) return 1;
  return length === 0 ? 0 : Math.exp(1 - reference / length);
}

/** An order that is longer than the candidate has one possible match, as in NLTK. */
function precision({ candidate, references }: TokenPair, n: number): Matches {
  const counts = countNgrams(candidate, n);
  const known = references.map((reference) => countNgrams(reference, n));
  let [matched, possible] = [0, 0];
  for (const [ngram, count] of counts) {
    matched += Math.min(count, Math.max(0, ...known.map((reference) => reference.get(ngram) ?? 0)));
    possible += count;
  }
  return { matched, possible: Math.max(1, possible) };
}

export const total = (parts: readonly Matches[]): Matches => ({
  matched: parts.reduce((sum, { matched }) => sum + matched, 0),
  possible: parts.reduce((sum, { possible }) => sum + possible, 0),
});

/** Length of the reference nearest to `length`; of two equally near ones the shorter. */
export const closest = (references: readonly (readonly string[])[], length: number): number =>
  references
    .map((reference) => reference.length)
    .sort((a, b) => Math.abs(a - length) - Math.abs(b - length) || a - b)[0] ?? 0;
