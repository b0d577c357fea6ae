import { z } from "zod";
import { BlobReference } from "./blob-reference.ts";

const Range = z.object({ first: z.int(), last: z.int() }).readonly();

/** What the samples of one localization step said, and what was made of it. */
export const LocalizationEvent = z
  .object({
    kind: z.literal("localization"),
    step: z.enum(["files", "lines"]),
    /** Per sample the places as it named them, in its order; null when its answer could not be read. */
    samples: z
      .array(z.object({ sample: z.string(), named: z.array(z.unknown()).readonly().nullable() }).readonly())
      .readonly(),
    merged: z
      .array(z.object({ path: z.string(), range: Range.nullable(), votes: z.int() }).readonly())
      .readonly(),
  })
  .readonly();

/** One distinct patch; its samples are calls of the record. */
export const CandidateEvent = z
  .object({
    kind: z.literal("candidate"),
    /** Hash of its normal form. */
    candidate: z.string(),
    samples: z.array(z.string()).readonly(),
    refines: z.string().nullable(),
    patch: BlobReference,
    paths: z.array(z.string()).readonly(),
    lines: z.int(),
    /** Test files whose edits were left out. */
    restored: z.array(z.string()).readonly(),
  })
  .readonly();

/** A sample that gave no candidate. */
export const RejectionEvent = z
  .object({ kind: z.literal("rejection"), sample: z.string(), reason: z.string(), detail: z.string() })
  .readonly();

/** A chain of scripts that shall show the issue; `confirmed` is null when none did. */
export const PocEvent = z
  .object({
    kind: z.literal("poc"),
    poc: z.string(),
    style: z.enum(["asserting", "printing"]),
    attempts: z.int(),
    confirmed: z
      .object({ sample: z.string(), source: BlobReference, ended: z.string(), reachedEnd: z.boolean() })
      .readonly()
      .nullable(),
    reason: z.string().nullable(),
  })
  .readonly();

/** The repository's tests on the unpatched tree, as the evidence holds them. */
export const BaselineEvent = z
  .object({ kind: z.literal("baseline"), baseline: z.looseObject({ kind: z.string() }).readonly() })
  .readonly();

export const VerdictEvent = z
  .object({
    kind: z.literal("verdict"),
    candidate: z.string(),
    /** Judged by exit status and nonce (`rule`) or by the judge (`model`). */
    pocs: z
      .array(
        z
          .object({
            poc: z.string(),
            result: z.string(),
            judgedBy: z.string(),
            ended: z.string(),
            /** Digest of what it printed, see `digestOfOutput`; older records have none. */
            printed: z.string().optional(),
            /** It shows the issue just as on the base commit. */
            unchanged: z.boolean().optional(),
            reason: z.string().nullable(),
          })
          .readonly(),
      )
      .readonly(),
    tests: z.looseObject({ kind: z.string() }).readonly(),
  })
  .readonly();

const Score = z
  .object({
    candidate: z.string(),
    regressions: z.int(),
    /** Tests that fail only without its own edits of test files. */
    altered: z.int().default(0),
    pocsPassed: z.int(),
    pocsFailed: z.int(),
    tests: z.string(),
    votes: z.int(),
    lines: z.int(),
  })
  .readonly();
export type Score = z.infer<typeof Score>;

/** The choice among all candidates, best first, losers included. */
export const SelectionEvent = z
  .object({
    kind: z.literal("selection"),
    method: z.string(),
    ordered: z.array(Score).readonly(),
    /** Candidates whose executed evidence equals the first one's: votes and the rules behind them decide among them. */
    tied: z.array(z.string()).readonly(),
    /** Samples of the first round that were written; older records do not say how many. */
    samples: z.int().optional(),
    /** Whether the tests speak for the first one, see `testsHold`; older records do not say. */
    testsHold: z.boolean().optional(),
    decidedBy: z.string().nullable(),
    /** Samples that were called off because no answer could change who wins. */
    unneeded: z.int().default(0),
    winner: z.string().nullable(),
    /** Verdict level of the winner, or why there is none. */
    outcome: z.string(),
    explanation: z.string().nullable(),
  })
  .readonly();
