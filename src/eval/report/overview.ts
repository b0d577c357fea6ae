import { valueText } from "./measure-text.ts";
import type { Report } from "./report.ts";

/** Texts of a table with an arm a row; names in it are as untrusted as the report's. */
export type Overview = { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };

type Arm = Report["arms"][number];

/**
 * Arms side by side by what lies on no curve and at least two of them have; a table for each set of arms that have something
 * in common, none where nothing is to be compared.
 */
export function overviewsOf({ arms }: Report): readonly Overview[] {
  const groups: Arm[][] = [];
  for (const { name, measures } of arms) {
    const arm = { name, measures: measures.filter(({ at }) => at === undefined) };
    const group = groups.find((members) => members.some((member) => haveInCommon(member, arm)));
    if (group === undefined) groups.push([arm]);
    else group.push(arm);
  }
  return groups.filter(({ length }) => length > 1).map(overviewOf);
}

const haveInCommon = (first: Arm, second: Arm): boolean =>
  first.measures.some(({ name }) => second.measures.some((measure) => measure.name === name));

function overviewOf(arms: readonly Arm[]): Overview {
  const all = arms.flatMap(({ measures }) => measures.map(({ name }) => name));
  // what only one arm has compares nothing
  const names = [...new Set(all)].filter((name) => all.indexOf(name) !== all.lastIndexOf(name));
  const rows = arms.map(({ name: arm, measures }) => [
    arm,
    ...names.map((name) => {
      const found = measures.find((measure) => measure.name === name);
      return found === undefined || found.value === null ? "" : valueText(found.value, found.unit);
    }),
  ]);
  return { head: ["", ...names], rows };
}
