import type { Interval } from "../statistics/intervals.ts";
import type { ComparisonRow, Measure } from "./report.ts";

/** A value of a measure for people. */
export function valueText(value: number, unit: Measure["unit"]): string {
  switch (unit) {
    case "share":
      return `${(100 * value).toFixed(1)} %`;
    case "score":
      return value.toFixed(4);
    case "count":
      return String(value);
    case "seconds":
      return `${value.toFixed(1)} s`;
    case "tokens":
    case "words":
    case "characters":
      return `${Math.round(value)} ${unit}`;
  }
}

export const rangeText = ({ low, high }: Interval, unit: Measure["unit"]): string =>
  `${valueText(low, unit)} to ${valueText(high, unit)}`;

export const pointsText = (share: number): string =>
  `${share > 0 ? "+" : ""}${(100 * share).toFixed(1)} points`;

/** The difference of two systems with its interval, empty where there is none. */
export function differenceText({ difference, interval }: ComparisonRow): string {
  if (difference === null) return "";
  const range = interval === null ? "" : ` (${pointsText(interval.low)} to ${pointsText(interval.high)})`;
  return `${pointsText(difference)}${range}`;
}

/** What a comparison may claim, with the systems' names as `shown` gives them. */
export function answerText(row: ComparisonRow, shown: (name: string) => string): string {
  switch (row.answer) {
    case "first-better":
      return `${shown(row.first)} is better`;
    case "second-better":
      return `${shown(row.second)} is better`;
    case "no-difference-shown":
      return "no difference shown";
    case "not-decidable":
      return `not decidable: ${row.onlyFirst + row.onlySecond} disagreements cannot give p below ${row.smallestP.toPrecision(3)}`;
  }
}

/** The program and the machine behind the numbers. */
export const environmentText = (environment: Readonly<Record<string, string>>): string =>
  `Told by ${Object.entries(environment)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ")}.`;
