import { z } from "zod";
import { refusal } from "./read-json.ts";

/** How the hidden tests went for one patch. */
const Label = z.object({
  why: z.string(),
  f2p_passed: z.number().int().nonnegative(),
  f2p_total: z.number().int().nonnegative(),
  p2p_passed: z.number().int().nonnegative(),
  p2p_total: z.number().int().nonnegative(),
});

/** A patch that a real model wrote; `resolved` is null where it was not run. */
export const PooledPatch = z
  .object({
    id: z.string().min(1),
    patch: z.string().min(1),
    resolved: z.boolean().nullable(),
    label: Label.nullish(),
    upstream_resolved: z.boolean().nullish(),
    equals_gold: z.boolean().optional(),
    sources: z.array(z.string()).default([]),
  })
  .superRefine(({ resolved, label }, context) => {
    if (
      resolved === true &&
      label &&
      (label.f2p_passed < label.f2p_total || label.p2p_passed < label.p2p_total)
    )
      context.addIssue({ code: "custom", path: ["resolved"], message: "its label says that tests failed" });
  });
export type PooledPatch = z.infer<typeof PooledPatch>;

export type Labels = ReadonlyMap<string, boolean>;

/** The labels that a pool has; patches that were not run have none. */
export const labelsOf = (pool: readonly PooledPatch[]): Labels =>
  new Map(pool.flatMap(({ id, resolved }) => (resolved === null ? [] : [[id, resolved] as const])));

/** Patches that are the accepted fix. */
export const goldOf = (pool: readonly PooledPatch[]): ReadonlySet<string> =>
  new Set(pool.flatMap(({ id, equals_gold: isGold }) => (isGold === true ? [id] : [])));

/** Throws `evaluation-invalid` when a second run of the hidden tests says otherwise of a patch: such a label is no truth. */
export function requireSameLabels(instance: string, before: Labels, again: Labels): void {
  const problems = changedLabels(before, again);
  if (problems.length > 0) throw refusal(`labels of ${instance}`, problems);
}

/** Patches of which a second run of the hidden tests says otherwise; those that it did not decide are none. */
export const changedLabels = (before: Labels, again: Labels): readonly string[] =>
  [...before]
    .filter(([id, resolved]) => again.get(id) === !resolved)
    .map(([id, was]) => `patch ${id}: ${word(was)} before, ${word(!was)} on the re-run`);

const word = (resolved: boolean): string => (resolved ? "resolved" : "unresolved");
