import { sha256 } from "../../../src/domain/canonical-json.ts";
import { draw } from "../../../src/simulator/script/draw.ts";
import { drawLength } from "../../../src/simulator/script/length.ts";

/** Ways to patch; of sixty samples about nineteen are different (notes, section 5). */
const patches = 28;

/** Median lengths of answers by stage, in tokens (notes, section 5), and where they are cut. */
const medians: Readonly<Record<string, { readonly tokens: number; readonly cap: number }>> = {
  "localize-files": { tokens: 700, cap: 4_200 },
  "localize-lines": { tokens: 900, cap: 4_200 },
  generate: { tokens: 2_000, cap: 8_100 },
  critique: { tokens: 1_200, cap: 8_100 },
  "poc-asserting": { tokens: 1_300, cap: 8_100 },
  "poc-printing": { tokens: 1_300, cap: 8_100 },
  "judge-poc": { tokens: 500, cap: 8_100 },
  "judge-fix": { tokens: 500, cap: 8_100 },
};
const sigma = 0.5;

/** What a patch does: 0 is right, the others are ways to be wrong, the last of which shows nothing new. */
export type Behaviour = 0 | 1 | 2 | 3 | 4 | 5 | 6;

/** Everything of one issue that is left to chance, by what it is about and never by when it is asked. */
export type Draws = {
  /** Tokens of an answer; `what` names it within its stage. */
  tokens(stage: string, what: string): number;
  /** Which of the possible patches a sample writes. */
  patch(sample: string): number;
  behaviour(patch: number): Behaviour;
  breaksTests(patch: number): boolean;
  /** At which try, from 1, a PoC chain shows the issue. */
  tries(chain: string): number;
  /** The patch that the critique of this one puts in its place, null when it finds it right. */
  correction(patch: number): number | null;
};

/** `lengths` is a factor on all lengths. */
export function createDraws(seed: number, issue: number, lengths = 1): Draws {
  const chance = (...what: readonly (string | number)[]): number => draw([seed, issue, ...what]);
  const weights = Array.from({ length: patches }, (_, at) => 1 / (at + 1));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const patch = (sample: string): number => {
    let left = chance("patch", sample) * all;
    const at = weights.findIndex((weight) => (left -= weight) < 0);
    return at === -1 ? 0 : at;
  };
  // Of the three patches that most samples write one is right: the issue can be solved.
  const known = Math.floor(chance("known") * 3);
  return {
    patch,
    tokens(stage, what) {
      const { tokens, cap } = medians[stage] ?? { tokens: 2_000, cap: 8_100 };
      const mean = lengths * tokens * Math.exp((sigma * sigma) / 2);
      return drawLength({ mean, sigma, cap }, [seed, issue, stage, what]);
    },
    behaviour: (at) => (at === known ? 0 : behaviours[Math.floor(chance("behaviour", at) * 7)]) ?? 6,
    breaksTests: (at) => at !== known && chance("tests", at) < 0.25,
    tries(chain) {
      const at = chance("tries", chain);
      return at < 0.3 ? 1 : at < 0.75 ? 2 : at < 0.95 ? 3 : 4;
    },
    correction: (at) => (chance("critique", at) < 0.15 ? patch(`correction of ${at}`) : null),
  };
}

const behaviours: readonly Behaviour[] = [0, 1, 2, 3, 4, 5, 6];

/** A short name of a text, for draws about it. */
export const nameOf = (text: string): string => sha256(text).slice(0, 16);
