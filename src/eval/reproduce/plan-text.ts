import { methodOfArm, mostCalls, type ArmMethod } from "./arm-plan.ts";
import type { Arm, OtherTable, Table } from "./table.ts";

/** What running the arms would ask at most, one line an arm. */
export function planLines(table: Table, arms: readonly Arm[], cases: number): readonly string[] {
  return [
    `${table.id}: ${arms.length} arms on ${cases} cases; arms share what they ask alike`,
    ...arms.map((arm) => {
      const method = methodOfArm(table, arm);
      const calls = table.turns ?? mostCalls(method);
      const models = arm.models === null ? "" : `; wants ${arm.models}`;
      const work = table.turns === null ? samplesOf(method) : "functions that are shown";
      return `  ${arm.name}: ${work}; at most ${calls} model calls a case, ${calls * cases} in all${models}`;
    }),
  ];
}

function samplesOf({ profile, critique, feedbackTurns }: ArmMethod): string {
  const { localizationSamples, candidates, assertingPocs, printingPocs } = profile;
  return [
    `${localizationSamples} localizations, ${candidates} candidates, ${assertingPocs} + ${printingPocs} scripts`,
    ...(critique ? ["reviews"] : []),
    ...(feedbackTurns > 0 ? [`${feedbackTurns} turns of feedback`] : []),
  ].join(", ");
}

/** All tables for people, those that can be run first. */
export const listLines = (tables: readonly Table[], others: readonly OtherTable[]): readonly string[] => [
  "Can be run:",
  ...tables.map(({ id, title, arms }) => `  ${id}: ${title} (${arms.map(({ name }) => name).join(", ")})`),
  "Need what is not here:",
  ...others.map(({ id, title, needs }) => `  ${id}: ${title}. ${needs}`),
];
