import type { UsageMeter } from "./usage-meter.ts";

/** What one run may ask of the models. */
export type BudgetLimits = {
  /** Of all answers together, reasoning included. */
  readonly outputTokens: number;
  readonly calls: number;
};

/** The paper's 60 candidates with all that goes with them take about 170,000 tokens and 120 calls. */
export const defaultBudget: BudgetLimits = { outputTokens: 400_000, calls: 1_000 };

/**
 * Share of a call's token limit that is held back for it. Nearly all answers are shorter; to hold back the whole limit would
 * refuse the last samples of a stage whose samples, sent together, need a quarter of that.
 */
const held = 0.5;

export type Budget = {
  /**
   * Room for one more call of at most so many tokens, null when there is none. What it really took is the usage meter's;
   * `release` is called once that is noted. A call that is `needed` gets its room in any case.
   */
  reserve(maxTokens: number, needed: boolean): { release(): void } | null;
};

export function createBudget(usage: UsageMeter, limits: BudgetLimits): Budget {
  let reserved = 0;
  let calls = 0;
  return {
    reserve(maxTokens, needed) {
      const tokens = Math.ceil(maxTokens * held);
      const full =
        calls >= limits.calls || usage.total().completion + reserved + tokens > limits.outputTokens;
      if (full && !needed) return null;
      calls += 1;
      reserved += tokens;
      return {
        release() {
          reserved -= tokens;
        },
      };
    },
  };
}
