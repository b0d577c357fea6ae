import { inlineCode, inlineText, list, table } from "../../report/markdown.ts";
import type { Interval } from "../statistics/intervals.ts";
import type { ComparisonRow, Measure, Report } from "./report.ts";

/** The report for people; names in it may come from model servers and case files. */
export function reportMarkdown(report: Report): string {
  const { title, suite, seed } = report;
  return [
    `# ${inlineText(title)}`,
    `${suite.instances} instances, suite ${inlineCode(suite.hash.slice(0, 12))}, seed ${seed}. Intervals are 95 %.`,
    ...report.arms.flatMap(({ name, measures }) => [`## ${inlineText(name)}`, measureTable(measures)]),
    ...comparisons(report.comparisons),
    ...(report.leftOut.length === 0
      ? []
      : [
          "## Left out",
          list(report.leftOut.map(({ instance, why }) => `${inlineCode(instance)}: ${inlineText(why)}`)),
        ]),
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

function measureTable(measures: readonly Measure[]): string {
  const rows = measures.map((measure) => [
    inlineText(measure.name),
    measure.value === null
      ? `undefined: ${inlineText(measure.undefinedBecause ?? "nothing to measure")}`
      : shown(measure.value, measure.unit),
    measure.interval === null ? "" : range(measure.interval, measure.unit),
    String(measure.instances),
    measure.paper === null
      ? ""
      : `${shown(measure.paper.value, measure.unit)} (paper, ${inlineText(measure.paper.source)})`,
    inlineText(measure.paper?.mayDiffer ?? ""),
  ]);
  return rows.length === 0
    ? ""
    : table(["measure", "ours", "interval", "instances", "paper", "why they may differ"], rows);
}

function comparisons(rows: readonly ComparisonRow[]): readonly string[] {
  if (rows.length === 0) return [];
  const head = ["first", "second", "only first", "only second", "p (exact)", "mid-p", "p (Holm)"];
  return [
    "## Comparisons",
    table(
      [...head, "second - first", "detectable", "answer"],
      rows.map((row) => [
        inlineText(row.first),
        inlineText(row.second),
        String(row.onlyFirst),
        String(row.onlySecond),
        row.p.toPrecision(3),
        row.midP.toPrecision(3),
        row.adjustedP.toPrecision(3),
        row.difference === null
          ? ""
          : `${points(row.difference)}${row.interval === null ? "" : ` (${points(row.interval.low)} to ${points(row.interval.high)})`}`,
        row.minimalDetectable === null ? "none" : points(row.minimalDetectable),
        answers(row),
      ]),
    ),
  ];
}

function answers(row: ComparisonRow): string {
  switch (row.answer) {
    case "first-better":
      return `${inlineText(row.first)} is better`;
    case "second-better":
      return `${inlineText(row.second)} is better`;
    case "no-difference-shown":
      return "no difference shown";
    case "not-decidable":
      return `not decidable: ${row.onlyFirst + row.onlySecond} disagreements cannot give p below ${row.smallestP.toPrecision(3)}`;
  }
}

function shown(value: number, unit: Measure["unit"]): string {
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

const range = ({ low, high }: Interval, unit: Measure["unit"]): string =>
  `${shown(low, unit)} to ${shown(high, unit)}`;

const points = (share: number): string => `${share > 0 ? "+" : ""}${(100 * share).toFixed(1)} points`;
