import type { Report } from "../report/report.ts";
import { comparisonRow } from "../report/comparison-row.ts";
import { seededChance } from "../statistics/chance.ts";
import { compareFamily, type Pair } from "../statistics/compare.ts";
import type { Case } from "../suite/case.ts";
import { suiteHash, type ResultSet } from "../suite/result-set.ts";
import { solvedAt } from "../turns/turns.ts";
import type { ArmResult } from "./arm-result.ts";
import type { Arm } from "./table.ts";

export type MeasuredArm = {
  readonly arm: Arm;
  readonly results: readonly ArmResult[];
  /** What the harness says of its predictions; null where nobody asked it. */
  readonly graded: ResultSet | null;
};

/**
 * Which cases an arm resolved: as the harness says, else as the cases' own tests do. Those that nobody decided are not in it;
 * null where that is all of them.
 */
export function decidedBy({ arm, results, graded }: MeasuredArm, cases: readonly Case[]): ResultSet | null {
  if (graded !== null) return graded;
  const decided = new Map(results.flatMap((result) => resolvedIn(result)));
  const asked = cases.filter(({ instance }) => decided.has(instance));
  if (asked.length === 0) return null;
  const rows = asked.map(({ instance, question }) => ({
    instance,
    repository: question.repository,
    resolved: decided.get(instance) === true,
  }));
  return { schema: 1, system: arm.name, suite: suiteHash(asked), rows };
}

function resolvedIn({ instance, turns, grade }: ArmResult): readonly (readonly [string, boolean])[] {
  if (turns !== null) return [[instance, solvedAt(turns) !== null]];
  return grade === null ? [] : [[instance, grade.resolved]];
}

/** The first arm beside each other one, on the cases that both decided. */
export function comparedArms(sets: readonly (ResultSet | null)[], seed: number): Report["comparisons"] {
  const [first, ...others] = sets.filter((set) => set !== null);
  if (first === undefined) return [];
  const family = others.map((other) => pairsOf(first, other));
  return compareFamily(family, seededChance(seed)).flatMap((comparison, place) => {
    const other = others[place];
    return other === undefined ? [] : [comparisonRow(first.system, other.system, comparison)];
  });
}

function pairsOf(first: ResultSet, second: ResultSet): readonly Pair[] {
  const results = new Map(second.rows.map(({ instance, resolved }) => [instance, resolved]));
  return first.rows.flatMap(({ instance, repository, resolved }) => {
    const other = results.get(instance);
    return other === undefined ? [] : [{ repository, first: resolved, second: other }];
  });
}
