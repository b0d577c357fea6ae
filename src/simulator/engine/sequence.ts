import type { Block } from "./block.ts";

/** One answer that is being generated. */
export type Sequence = {
  readonly priority: number;
  /** Place in the order of arrival. */
  readonly order: number;
  readonly promptTokens: number;
  /** Tokens to generate; at least one. */
  readonly outputTokens: number;
  /** Hashes of all full blocks of prompt and answer. */
  readonly hashes: readonly number[];
  readonly onToken: ((generated: number) => void) | null;
  readonly onEnd: (end: SequenceEnd) => void;
  readonly arrivedAt: number;
  startedAt: number | null;
  firstTokenAt: number | null;
  /** Prompt tokens found in the cache when it started. */
  cachedTokens: number;
  preemptions: number;
  /** Sequences in the first step, itself among them. */
  batch: number;
  generated: number;
  /** Tokens whose keys and values are there. */
  computed: number;
  /** Tokens in the step under way. */
  scheduled: number;
  /** Blocks already known to the cache under their hash. */
  registered: number;
  blocks: Block[];
};

/** How an answer ended, with times in milliseconds of the engine's timeline; null times were never reached. */
export type SequenceEnd = {
  readonly reason: "finished" | "aborted" | "crashed" | "slept";
  readonly arrivedAt: number;
  readonly startedAt: number | null;
  readonly firstTokenAt: number | null;
  readonly endedAt: number;
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly generatedTokens: number;
  readonly preemptions: number;
  readonly batch: number;
};

export const endOf = (sequence: Sequence, reason: SequenceEnd["reason"], endedAt: number): SequenceEnd => ({
  reason,
  arrivedAt: sequence.arrivedAt,
  startedAt: sequence.startedAt,
  firstTokenAt: sequence.firstTokenAt,
  endedAt,
  promptTokens: sequence.promptTokens,
  cachedTokens: sequence.cachedTokens,
  generatedTokens: sequence.generated,
  preemptions: sequence.preemptions,
  batch: sequence.batch,
});

/** Tokens that must be computed before the next one can be generated. */
export const missingTokens = (sequence: Sequence): number =>
  sequence.promptTokens + sequence.generated - sequence.computed;

/** Whether `a` is served before `b`: by priority (lower first), then by arrival. */
export const comesBefore = (a: Sequence, b: Sequence): boolean =>
  a.priority === b.priority ? a.order < b.order : a.priority < b.priority;
