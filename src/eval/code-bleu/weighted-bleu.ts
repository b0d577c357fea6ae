import { brevityPenalty, closest, combine, total, type Matches, type TokenPair } from "../metrics/bleu.ts";
import { countNgrams } from "../metrics/ngrams.ts";

/** Weight of a word that is no keyword, beside 1 for one that is. */
const otherWeight = 0.2;

const orders = [1, 2, 3, 4] as const;

/**
 * CodeBLEU's keyword-weighted BLEU: a recall over the references' n-grams, of which the single words are weighted. The
 * authors' code takes the length of a (words, weights) pair for the reference's length, so that no text is ever too short;
 * `penaliseBrevity` measures the words.
 */
export function weightedBleu(
  pairs: readonly TokenPair[],
  keywords: ReadonlySet<string>,
  penaliseBrevity: boolean,
): number {
  const weight = (word: string): number => (keywords.has(word) ? 1 : otherWeight);
  const matches = orders.map((n) => total(pairs.map((pair) => recall(pair, n, weight))));
  const length = pairs.reduce((sum, { candidate }) => sum + candidate.length, 0);
  const reference = pairs.reduce(
    (sum, { candidate, references }) =>
      sum + (penaliseBrevity ? closest(references, candidate.length) : pairLength),
    0,
  );
  return combine(matches, brevityPenalty(length, reference), "method1");
}

const pairLength = 2;

function recall({ candidate, references }: TokenPair, n: number, weight: (word: string) => number): Matches {
  const offered = countNgrams(candidate, n);
  return total(
    references.map((reference) => {
      let [matched, possible] = [0, 0];
      for (const [ngram, count] of countNgrams(reference, n)) {
        const value = n === 1 ? weight(firstOf(ngram)) : 1;
        matched += value * Math.min(count, offered.get(ngram) ?? 0);
        possible += value * count;
      }
      return { matched, possible: Math.max(1, possible) };
    }),
  );
}

function firstOf(ngram: string): string {
  const words: unknown = JSON.parse(ngram);
  return Array.isArray(words) ? String(words[0]) : "";
}
