/** Words of one text with their counts; the coordinates of its vector. */
export type WordCounts = ReadonlyMap<string, number>;

const endings = /(ations?|ions?|ing|ers?|ed|es|e|s)$/;

/** Words inside identifiers (`load_middleware`, `HttpResponse`), lower case, without their endings. */
export function countWords(
  text: string,
  counts = new Map<string, number>(),
  weight = 1,
): Map<string, number> {
  for (const [identifier] of text.matchAll(/[A-Za-z][A-Za-z0-9_]{2,}/g)) {
    for (const part of identifier.split(/_|(?<=[a-z0-9])(?=[A-Z])/)) {
      if (part.length < 3) continue;
      const lower = part.toLowerCase();
      const stem = lower.length > 4 ? lower.replace(endings, "") : lower;
      counts.set(stem, (counts.get(stem) ?? 0) + weight);
    }
  }
  return counts;
}

/** Gives cosine similarity of word counts, where words that many of `documents` share weigh little. */
export function createSimilarity(
  documents: readonly WordCounts[],
): (first: WordCounts, second: WordCounts) => number {
  const frequency = new Map<string, number>();
  for (const document of documents) {
    for (const word of document.keys()) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  }
  const rarity = (word: string): number =>
    Math.log((1 + documents.length) / (1 + (frequency.get(word) ?? 0)));
  const weigh = (word: string, count: number): number => (1 + Math.log(count)) * rarity(word);
  const lengths = new Map<WordCounts, number>();
  const lengthOf = (document: WordCounts): number => {
    const known = lengths.get(document);
    if (known !== undefined) return known;
    let sum = 0;
    for (const [word, count] of document) sum += weigh(word, count) ** 2;
    lengths.set(document, Math.sqrt(sum));
    return Math.sqrt(sum);
  };
  return (first, second) => {
    let product = 0;
    for (const [word, count] of first) {
      const other = second.get(word);
      if (other !== undefined) product += weigh(word, count) * weigh(word, other);
    }
    return product === 0 ? 0 : product / (lengthOf(first) * lengthOf(second));
  };
}
