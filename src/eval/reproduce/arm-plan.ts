import { profiles, type Profile } from "../../domain/settings.ts";
import { answersInTurn } from "../../pipeline/feedback.ts";
import type { Arm, Table } from "./table.ts";

/** How an arm works, beside what its models are. */
export type ArmMethod = Pick<Arm, "critique" | "feedbackTurns"> & { readonly profile: Profile };

/** How much an arm samples: as the paper says, unless the table or the arm itself says otherwise. */
const profileOfArm = (table: Table, arm: Arm): Profile => ({
  ...profiles.paper,
  ...defined(table.profile),
  ...defined(arm.profile),
});

export const methodOfArm = (table: Table, arm: Arm): ArmMethod => ({
  profile: profileOfArm(table, arm),
  critique: arm.critique,
  feedbackTurns: arm.feedbackTurns,
});

/**
 * The arms to run: those that are named, or all whose models are whatever the endpoints serve. Null for a name that the
 * table does not have.
 */
export function armsToRun(table: Table, named: readonly string[] | null): readonly Arm[] | null {
  if (named === null) return table.arms.filter(({ models }) => models === null);
  const found = table.arms.filter(({ name }) => named.includes(name));
  return found.length === new Set(named).size ? found : null;
}

/**
 * The most model calls that a case can need: every step asks for each file, every script is tried as often as it may be,
 * every candidate is reviewed and written anew where that is wanted, and every printing script of every candidate is judged.
 */
export function mostCalls({ profile, critique, feedbackTurns }: ArmMethod): number {
  const { localizationSamples, topFiles, candidates, assertingPocs, printingPocs, pocAttempts } = profile;
  const found = candidates * (critique ? 2 : 1) + feedbackTurns * answersInTurn;
  const written = localizationSamples * (1 + topFiles) + found + (critique ? candidates : 0);
  const scripts = (assertingPocs + printingPocs) * pocAttempts;
  return written + scripts + printingPocs * (2 * pocAttempts + found);
}

/** Without the keys that say nothing. */
const defined = (part: { readonly [K in keyof Profile]?: Profile[K] | undefined }): Partial<Profile> =>
  Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined));
