import { valueText } from "./measure-text.ts";
import type { Report } from "./report.ts";

/** Texts of a table with an arm a row; names in it are as untrusted as the report's. */
export type Overview = { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };

/** Arms side by side by what lies on no curve and at least two of them have; null where there is nothing to compare. */
export function overviewOf({ arms }: Report): Overview | null {
  const alone = arms.map(({ name, measures }) => ({
    name,
    measures: measures.filter(({ at }) => at === undefined),
  }));
  const all = alone.flatMap(({ measures }) => measures.map(({ name }) => name));
  // what only one arm has compares nothing
  const names = [...new Set(all)].filter((name) => all.indexOf(name) !== all.lastIndexOf(name));
  if (arms.length < 2 || names.length === 0) return null;
  const rows = alone.map(({ name: arm, measures }) => [
    arm,
    ...names.map((name) => {
      const found = measures.find((measure) => measure.name === name);
      return found === undefined || found.value === null ? "" : valueText(found.value, found.unit);
    }),
  ]);
  return { head: ["", ...names], rows };
}
