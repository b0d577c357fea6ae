/** Estimates of one kind of text, corrected by what servers counted of such texts. */
export type LearntEstimate = {
  /** Tokens of a text that the plain estimate takes for `plain`. */
  of(plain: number): number;
  /** A server counted so many tokens where the plain estimate says `plain`. */
  learn(plain: number, counted: number): void;
};

export type StageEstimate = { readonly prompt: LearntEstimate; readonly answer: LearntEstimate };

/** A stage's texts resemble each other: code has other tokens than a judgement. Only what a run is charged with rests on this. */
export type TokenEstimates = { of(stage: string): StageEstimate };

/** Weight of the newest count. */
const weight = 0.2;
/** Rounding and chat templates make most of the difference in shorter texts. */
const leastTokens = 32;
/** No tokenizer is farther from 3.2 characters than this; a server that says so counts something else. */
const farthest = 4;

export function createLearntEstimate(): LearntEstimate {
  let ratio = 1;
  return {
    of: (plain) => Math.round(plain * ratio),
    learn(plain, counted) {
      const seen = counted / plain;
      if (plain < leastTokens || seen > farthest || seen < 1 / farthest) return;
      ratio += weight * (seen - ratio);
    },
  };
}

export function createTokenEstimates(): TokenEstimates {
  const stages = new Map<string, StageEstimate>();
  return {
    of(stage) {
      const known = stages.get(stage) ?? { prompt: createLearntEstimate(), answer: createLearntEstimate() };
      stages.set(stage, known);
      return known;
    },
  };
}
