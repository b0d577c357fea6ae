import { createHash } from "node:crypto";
import type { Candidate, SampleId } from "./candidate.ts";
import type { FileChange } from "./edit.ts";
import { patchSize } from "./patch.ts";

/** A sample whose edits applied: what it changes, and the key under which equal patches are one candidate. */
export type AppliedSample = {
  readonly sample: SampleId;
  readonly key: string;
  readonly changes: readonly FileChange[];
  readonly patch: string;
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

/**
 * Groups samples into candidates in order of their first sample; every sample stays as a vote. The member with the
 * fewest changed lines stands for its class: equal in meaning, it is the one with the least noise to review.
 */
export function groupByClass(applied: readonly AppliedSample[]): readonly Candidate[] {
  const classes = new Map<string, AppliedSample[]>();
  for (const sample of applied) {
    const known = classes.get(sample.key);
    if (known === undefined) classes.set(sample.key, [sample]);
    else known.push(sample);
  }
  return [...classes].flatMap(([id, members]) => {
    const [plainest] = [...members].sort((a, b) => patchSize(a.changes) - patchSize(b.changes));
    if (plainest === undefined) return [];
    const samples = members.map((member) => member.sample);
    const { changes, patch, refines } = plainest;
    const restored = [...new Set(members.flatMap((member) => member.restored))].sort();
    return [{ id, changes, patch, samples, refines, restored }];
  });
}
