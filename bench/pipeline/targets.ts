import type { Compared } from "./measure.ts";
import type { Orchestrator } from "./orchestrator.ts";

/** A figure that is wanted, what it came to, and what the ideal schedule of the same run has. */
export type Target = {
  readonly what: string;
  readonly wanted: string;
  readonly ours: number;
  /** Null where the ideal is what ours is measured against, or has no such figure. */
  readonly ideal: number | null;
  readonly met: boolean;
  /** Null where `ideal` is. */
  readonly idealMeetsIt: boolean | null;
};

type Limit = { readonly words: string; readonly holds: (value: number) => boolean };

const atMost = (most: number): Limit => ({ words: `at most ${most}`, holds: (value) => value <= most });
const atLeast = (least: number): Limit => ({ words: `at least ${least}`, holds: (value) => value >= least });
const below = (limit: number): Limit => ({ words: `below ${limit}`, holds: (value) => value < limit });

type Figures = {
  readonly issues: Readonly<Record<string, Compared>>;
  readonly withExecutions: Readonly<Record<string, Compared>>;
  readonly orchestrator: Orchestrator | null;
};

/** What issue 5 wants, as far as it was measured. */
export const targetsOf = ({ issues, withExecutions, orchestrator }: Figures): readonly Target[] => [
  ...Object.entries(issues).flatMap(([count, one]) => ofRow(`${count}, models only`, count, one)),
  ...Object.entries(withExecutions).flatMap(([count, one]) => ofRow(`${count}, with executions`, count, one)),
  ...(orchestrator === null ? [] : ofOrchestrator(orchestrator)),
];

const ofRow = (row: string, count: string, one: Compared): readonly Target[] => [
  ...(count === "1" ? [target(`time / ideal, ${row}`, atMost(1.1), one.oursOverIdeal)] : []),
  target(
    `reference's time / ours, ${row}`,
    atLeast(10),
    one.referenceOverOurs,
    one.referenceSeconds / one.idealSeconds,
  ),
  target(
    `GPU seconds an issue / plan, ${row}`,
    atMost(1.1),
    one.gpuOverPlan,
    one.idealGpuSecondsPerIssue / one.planGpuSeconds,
  ),
  ...(count === "32" ? [target(`GPU busy, ${row}`, atLeast(0.9), one.gpuBusy, one.idealGpuBusy)] : []),
];

const ofOrchestrator = (measured: Orchestrator): readonly Target[] => [
  target("orchestrator, % of a core at 2,000 tokens/s", below(5), measured.cpuPercentAt2000TokensPerSecond),
  target("orchestrator, MB at 32 issues", below(300), measured.memoryMbAt32Issues),
];

const target = (what: string, limit: Limit, ours: number, ideal: number | null = null): Target => ({
  what,
  wanted: limit.words,
  ours,
  ideal,
  met: limit.holds(ours),
  idealMeetsIt: ideal === null ? null : limit.holds(ideal),
});

/** "met", or that it is missed and whether a perfect schedule of the same calls would miss it too. */
export const verdictOn = ({ met, idealMeetsIt }: Target): string => {
  if (met) return "met";
  if (idealMeetsIt === null) return "MISSED";
  return idealMeetsIt ? "MISSED, the ideal meets it" : "missed, by the ideal too";
};
