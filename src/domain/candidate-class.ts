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
 * The vote key of a set of changes, sorted by path: each file's form after the change. A file whose form the change leaves
 * as it was says nothing where another one's did not stay (a comment beside the fix); where none did (a docstring-only
 * fix), the texts count.
 */
export function classKey(
  changes: readonly FileChange[],
  normalForm: (path: string, text: string) => string | null,
): string {
  const formOf = (path: string, text: string | null): string | null =>
    text === null ? null : (normalForm(path, text) ?? plain(text));
  const forms = changes.map(({ path, before, after }) => {
    const form = formOf(path, after);
    return { path, after, form, changed: form !== formOf(path, before) };
  });
  const meaning = forms.filter(({ changed }) => changed);
  const parts = (meaning.length > 0 ? meaning : forms).map(({ path, after, form, changed }) =>
    JSON.stringify([path, changed || after === null ? form : plain(after)]),
  );
  return createHash("sha256").update(parts.sort().join("\n")).digest("hex").slice(0, 12);
}

/** The text without blanks at its lines' ends. */
const plain = (text: string): string =>
  text
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");

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
