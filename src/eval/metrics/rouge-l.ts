/** Words as ROUGE's usual tokeniser sees them, without stemming. */
export const rougeWords = (text: string): readonly string[] => text.toLowerCase().match(/[a-z0-9]+/g) ?? [];

/**
 * ROUGE-L: F1 of the longest common subsequence of words, each text one sequence. Null when a side has no word.
 */
export function rougeL(candidate: string, reference: string): number | null {
  const [a, b] = [rougeWords(candidate), rougeWords(reference)];
  if (a.length === 0 || b.length === 0) return null;
  const common = commonSubsequence(a, b);
  return (2 * common) / (a.length + b.length);
}

/**
 * Length of the longest common subsequence by Hyyrö's bit-vector method: one row of the usual table is one number, whose
 * zero bits count the matches.
 */
export function commonSubsequence(a: readonly string[], b: readonly string[]): number {
  const places = new Map<string, bigint>();
  for (const [place, word] of a.entries()) {
    places.set(word, (places.get(word) ?? 0n) | (1n << BigInt(place)));
  }
  const all = (1n << BigInt(a.length)) - 1n;
  let row = all;
  for (const word of b) {
    const matching = row & (places.get(word) ?? 0n);
    if (matching !== 0n) row = ((row + matching) | (row - matching)) & all;
  }
  return a.length - onesIn(row);
}

const onesIn = (bits: bigint): number => bits.toString(2).replaceAll("0", "").length;
