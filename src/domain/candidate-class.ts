import { createHash } from "node:crypto";
import type { Candidate, SampleId } from "./candidate.ts";
import type { FileChange } from "./edit.ts";

/** A sample whose edits applied: what it changes, and the key under which equal patches are one candidate. */
export type AppliedSample = {
  readonly sample: SampleId;
  /** Which of its stage's samples. */
  readonly index: number;
  readonly key: string;
  readonly changes: readonly FileChange[];
  readonly patch: string;
  /** Changed lines of the patch. */
  readonly size: number;
  /** Of the whole answer, reasoning included. */
  readonly characters: number;
  readonly refines: string | null;
  readonly restored: readonly string[];
};

/**
 * The vote key of a set of changes: each file's normal form after the change, or its text without trailing blanks
 * where there is no normal form or it did not change (a docstring-only fix). Sorted by path.
 */
export function classKey(
  changes: readonly FileChange[],
  normalForm: (path: string, text: string) => string | null,
): string {
  const parts = changes.map((change) => {
    const before = change.before === null ? null : normalForm(change.path, change.before);
    const after = change.after === null ? null : normalForm(change.path, change.after);
    const form = after === null || after === before ? plain(change.after) : after;
    return JSON.stringify([change.path, form]);
  });
  return createHash("sha256").update(parts.sort().join("\n")).digest("hex").slice(0, 12);
}

const plain = (text: string | null): string | null => text?.replace(/[ \t]+$/gm, "") ?? null;

/** A candidate, and the sample whose patch it is. */
export type CandidateClass<S extends AppliedSample = AppliedSample> = {
  readonly candidate: Candidate;
  readonly standing: S;
};

/**
 * Equal in meaning, the one with the least noise to review stands for its class; then the shorter answer, which of answers
 * written together is there first. No two samples of a stage are equal, so it does not matter in which order they came.
 */
const plainestFirst = (a: AppliedSample, b: AppliedSample): number =>
  a.size - b.size || a.characters - b.characters || a.index - b.index;

/** Groups the samples of one stage, given in any order, into candidates by their first sample; every sample is a vote. */
export function groupByClass<S extends AppliedSample>(applied: readonly S[]): readonly CandidateClass<S>[] {
  const classes = new Map<string, S[]>();
  for (const sample of applied.toSorted((a, b) => a.index - b.index)) {
    const known = classes.get(sample.key);
    if (known === undefined) classes.set(sample.key, [sample]);
    else known.push(sample);
  }
  return [...classes].flatMap(([id, members]) => {
    const [standing] = members.toSorted(plainestFirst);
    if (standing === undefined) return [];
    const samples = members.map((member) => member.sample);
    const { changes, patch, refines } = standing;
    const restored = [...new Set(members.flatMap((member) => member.restored))].sort();
    return [{ candidate: { id, changes, patch, samples, refines, restored }, standing }];
  });
}

/**
 * The candidates of stages that follow on one another. What falls into a class that an earlier stage produced, whenever it
 * did, adds nothing to it.
 */
export function groupByStage<S extends AppliedSample>(
  stages: readonly (readonly S[])[],
): readonly CandidateClass<S>[] {
  const known = new Set<string>();
  return stages.flatMap((stage) => {
    const fresh = groupByClass(stage).filter(({ candidate }) => !known.has(candidate.id));
    for (const { candidate } of fresh) known.add(candidate.id);
    return fresh;
  });
}
