/** How often each run of `n` tokens occurs; keys are unambiguous whatever the tokens hold. */
export function countNgrams(tokens: readonly string[], n: number): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (let start = 0; start + n <= tokens.length; start += 1) {
    const key = JSON.stringify(tokens.slice(start, start + n));
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** Tokens as CodeBLEU's authors split them: at blanks only. */
export const byBlanks = (text: string): readonly string[] =>
  text.split(/\s+/).filter((token) => token !== "");
