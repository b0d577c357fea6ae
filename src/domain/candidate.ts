import type { FileChange } from "./edit.ts";

/** A sample's place in its stage: `generate/17`; refinements append to their parent's id. */
export type SampleId = string;

/** One distinct patch with every sample that produced it; its votes are the samples of `samples`. */
export type Candidate = {
  /** Hash of the normal form, short, stable across runs. */
  readonly id: string;
  readonly changes: readonly FileChange[];
  /** Unified diff against the base commit. */
  readonly patch: string;
  readonly samples: readonly SampleId[];
  /** Candidate whose critique produced this one; such a candidate inherits no votes. */
  readonly refines: string | null;
  /** Test files whose edits by the model were left out. */
  readonly restored: readonly string[];
};

export const votesOf = (candidate: Candidate): number => candidate.samples.length;
