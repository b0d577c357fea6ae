import { mean } from "../statistics/bootstrap.ts";
import { wilson } from "../statistics/intervals.ts";
import type { Measure } from "./report.ts";

/** A measure that nobody has measured yet: no value, no interval, no number of a paper. */
export const plainMeasure = (name: string, unit: Measure["unit"], instances: number): Measure => ({
  name,
  value: null,
  unit,
  interval: null,
  instances,
  paper: null,
});

/** How many of all there are, with Wilson's interval; of nothing it is not defined. */
export const shareMeasure = (name: string, found: number, all: number): Measure =>
  all === 0
    ? { ...plainMeasure(name, "share", 0), undefinedBecause: nothing }
    : { ...plainMeasure(name, "share", all), value: found / all, interval: wilson(found, all) };

/** A number without an interval; null is not defined. */
export const valueMeasure = (
  name: string,
  unit: Measure["unit"],
  value: number | null,
  instances: number,
): Measure => ({
  ...plainMeasure(name, unit, instances),
  ...(value === null ? { undefinedBecause: nothing } : { value }),
});

/** The mean of those that are defined. */
export function meanMeasure(
  name: string,
  unit: Measure["unit"],
  values: readonly (number | null)[],
): Measure {
  const known = values.filter((value) => value !== null);
  return valueMeasure(name, unit, known.length === 0 ? null : mean(known), known.length);
}

const nothing = "there is nothing to measure it on";
