import type { Profile } from "../../domain/settings.ts";
import { mostCalls, profileOfArm } from "./arm-plan.ts";
import type { Arm, OtherTable, Table } from "./table.ts";

/** What running the arms would ask at most, one line an arm. */
export function planLines(table: Table, arms: readonly Arm[], cases: number): readonly string[] {
  return [
    `${table.id}: ${arms.length} arms on ${cases} cases; arms share what they ask alike`,
    ...arms.map((arm) => {
      const profile = profileOfArm(table, arm);
      const calls = table.turns ?? mostCalls(profile);
      const models = arm.models === null ? "" : `; wants ${arm.models}`;
      const work = table.turns === null ? samplesOf(profile) : "functions that are shown";
      return `  ${arm.name}: ${work}; at most ${calls} model calls a case, ${calls * cases} in all${models}`;
    }),
  ];
}

const samplesOf = ({ localizationSamples, candidates, assertingPocs, printingPocs }: Profile): string =>
  `${localizationSamples} localizations, ${candidates} candidates, ${assertingPocs} + ${printingPocs} scripts`;

/** All tables for people, those that can be run first. */
export const listLines = (tables: readonly Table[], others: readonly OtherTable[]): readonly string[] => [
  "Can be run:",
  ...tables.map(({ id, title, arms }) => `  ${id}: ${title} (${arms.map(({ name }) => name).join(", ")})`),
  "Need what is not here:",
  ...others.map(({ id, title, needs }) => `  ${id}: ${title}. ${needs}`),
];
