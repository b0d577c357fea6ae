import type { SampleFailure } from "../ports/inference-client.ts";
import { createStageTimes } from "./stage-times.ts";
import type { UsageMeter } from "./usage-meter.ts";

/**
 * Milliseconds until a run is asked to finish with what it has, or, for what that cannot be done without (`needed`), until it
 * is broken off.
 */
export type TimeLeft = (needed: boolean) => number;

/** What one run may ask of the models. */
export type BudgetLimits = {
  /** Of all answers together, reasoning included. */
  readonly outputTokens: number;
  readonly calls: number;
  /** Left out: there is time without end. */
  readonly timeLeft?: TimeLeft;
};

/** The paper's 60 candidates with all that goes with them take about 170,000 tokens and 120 calls. */
export const defaultBudget: BudgetLimits = { outputTokens: 400_000, calls: 1_000 };

/**
 * Share of a call's token limit that is held back for it. Nearly all answers are shorter; to hold back the whole limit would
 * refuse the last samples of a stage whose samples, sent together, need a quarter of that.
 */
const held = 0.5;

/** One call, before it is sent. */
export type PlannedCall = {
  readonly stage: string;
  readonly maxTokens: number;
  /** Fewest tokens that make an answer. */
  readonly leastTokens: number;
  /** Gets its tokens whatever was used up. */
  readonly needed: boolean;
};

export type Reservation =
  /** `release` is called once the meter knows what the call really took. */
  { readonly kind: "room"; release(): void } | { readonly kind: "refused"; readonly failure: SampleFailure };

export type Budget = {
  /** Room for one more call, or why it must not be sent. */
  reserve(call: PlannedCall): Reservation;
  /** A call ended with an answer after so many milliseconds. */
  ended(stage: string, milliseconds: number): void;
  /** Whether calls were refused because they could not have ended in time. */
  isLate(): boolean;
};

export function createBudget(usage: UsageMeter, limits: BudgetLimits): Budget {
  const times = createStageTimes();
  let reserved = 0;
  let calls = 0;
  let late = false;

  return {
    reserve({ stage, maxTokens, leastTokens, needed }) {
      const left = limits.timeLeft?.(needed) ?? Infinity;
      const least = times.least(stage, leastTokens);
      if (left < least) {
        late = true;
        return refused(
          "deadline",
          `the run has ${seconds(left)} left, and this takes ${seconds(least)} at least`,
        );
      }
      const tokens = Math.ceil(maxTokens * held);
      const full =
        calls >= limits.calls || usage.total().completion + reserved + tokens > limits.outputTokens;
      if (full && !needed) return refused("budget", "the run has used up what it may ask of the models");
      calls += 1;
      reserved += tokens;
      return {
        kind: "room",
        release() {
          reserved -= tokens;
        },
      };
    },
    ended: (stage, milliseconds) => times.ended(stage, milliseconds),
    isLate: () => late,
  };
}

const refused = (reason: "deadline" | "budget", detail: string): Reservation => ({
  kind: "refused",
  failure: { reason, detail, unsent: true },
});

const seconds = (milliseconds: number): string => `${Math.round(milliseconds / 1_000)} s`;
