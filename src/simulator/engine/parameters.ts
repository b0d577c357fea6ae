/**
 * An engine as the step model sees it. The figures of the presets were fitted to published runs of vLLM and SGLang on
 * one H100 80 GB (GPUStack performance lab, Qwen3-14B): see docs/decisions/0012-simulator.md.
 */
export type EngineParameters = {
  readonly weightBytes: number;
  /** Bytes per second at which weights are read. */
  readonly weightBandwidth: number;
  /** Floating point operations per second of matrix products. */
  readonly flops: number;
  readonly flopsPerToken: number;
  /** Attention: operations per token and per token of its context. */
  readonly flopsPerContextToken: number;
  readonly kvBytesPerToken: number;
  readonly kvBandwidth: number;
  /** Fixed time of a step, and of each sequence in it, in milliseconds. */
  readonly stepMs: number;
  readonly sequenceMs: number;
  readonly maxBatchedTokens: number;
  readonly maxSequences: number;
  /** Room for keys and values, in tokens. */
  readonly kvTokens: number;
  readonly blockTokens: number;
  readonly prefixCache: boolean;
  /** Reads a prefix that all decoding sequences share once per step. */
  readonly cascade: boolean;
  readonly window: number;
  readonly policy: "fcfs" | "priority";
  /** Running and waiting sequences together, and their prompt tokens; null is no limit, as in vLLM before 0.29. */
  readonly maxQueuedSequences: number | null;
  readonly maxQueuedTokens: number | null;
};

/** Qwen2.5-14B in bf16 on an H100, memory utilisation 0.92. */
export const h100Bf16: EngineParameters = {
  weightBytes: 28e9,
  weightBandwidth: 2.5e12,
  flops: 367e12,
  flopsPerToken: 26.2e9,
  flopsPerContextToken: 0.98e6,
  kvBytesPerToken: 196_608,
  kvBandwidth: 1.7e12,
  stepMs: 3,
  sequenceMs: 0.025,
  maxBatchedTokens: 8_192,
  maxSequences: 64,
  kvTokens: 236_000,
  blockTokens: 16,
  prefixCache: true,
  cascade: false,
  window: 32_768,
  policy: "fcfs",
  maxQueuedSequences: null,
  maxQueuedTokens: null,
};

/** The same with fp8 weights and fp8 keys and values. */
export const h100Fp8: EngineParameters = {
  ...h100Bf16,
  weightBytes: 15.5e9,
  flops: 510e12,
  kvBytesPerToken: 98_304,
  kvTokens: 606_000,
};

/** 1 keeps the weights in the host's memory, 2 has to read them from a disk again. */
export type SleepLevel = 1 | 2;

/** Bytes per second over PCIe 5, and from an NVMe disk; assumed, not fitted. */
const wakeBandwidth: Readonly<Record<SleepLevel, number>> = { 1: 30e9, 2: 2e9 };

/** Milliseconds until an engine that slept has its weights again. */
export const wakeDuration = ({ weightBytes }: EngineParameters, level: SleepLevel): number =>
  (1_000 * weightBytes) / wakeBandwidth[level];

/** What one step has to do. */
export type StepLoad = {
  readonly sequences: number;
  readonly flops: number;
  /** Tokens whose keys and values are read. */
  readonly kvTokens: number;
};

/** Operations of `tokens` new tokens behind `context` earlier ones. */
export const tokenFlops = (parameters: EngineParameters, tokens: number, context: number): number =>
  tokens * (parameters.flopsPerToken + parameters.flopsPerContextToken * (context + tokens / 2));

/** Milliseconds of one step with the GPU to itself. */
export const stepDuration = (parameters: EngineParameters, load: StepLoad): number =>
  parameters.stepMs +
  parameters.sequenceMs * load.sequences +
  1_000 * Math.max(parameters.weightBytes / parameters.weightBandwidth, load.flops / parameters.flops) +
  (1_000 * load.kvTokens * parameters.kvBytesPerToken) / parameters.kvBandwidth;
