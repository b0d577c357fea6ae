/** How long the calls of each of a run's stages take at least. */
export type StageTimes = {
  /** A call ended with an answer after so many milliseconds. */
  ended(stage: string, milliseconds: number): void;
  /** Milliseconds that a call needs whose answer has at least `leastTokens`. */
  least(stage: string, leastTokens: number): number;
};

/** One H100 writes a lone answer at 69 tokens a second in bf16 and at 106 in fp8; nothing in use is quicker. */
const tokenMs = 10;
/** Lengths scatter: fewer answers say little about the shortest. */
const enough = 3;

/**
 * A stage needs what the quickest of its calls took; before there are some, what the fewest tokens take that make an answer.
 * Both are too little for most calls: what is refused by them could not have ended in time.
 */
export function createStageTimes(): StageTimes {
  const stages = new Map<string, { readonly ended: number; readonly quickest: number }>();
  return {
    ended(stage, milliseconds) {
      const { ended, quickest } = stages.get(stage) ?? { ended: 0, quickest: Infinity };
      stages.set(stage, { ended: ended + 1, quickest: Math.min(quickest, milliseconds) });
    },
    least(stage, leastTokens) {
      const known = stages.get(stage);
      return known !== undefined && known.ended >= enough ? known.quickest : leastTokens * tokenMs;
    },
  };
}
