import { inlineCode, inlineText, list, table } from "../../report/markdown.ts";
import {
  answerText,
  differenceText,
  environmentText,
  pointsText,
  rangeText,
  valueText,
} from "./measure-text.ts";
import { overviewsOf } from "./overview.ts";
import type { ComparisonRow, Measure, Report } from "./report.ts";

const longestNote = 1000;

/** The report for people; names in it may come from model servers and case files. */
export function reportMarkdown(report: Report): string {
  const { title, suite, seed } = report;
  return [
    `# ${inlineText(title)}`,
    `${suite.instances} instances, suite ${inlineCode(suite.hash.slice(0, 12))}, seed ${seed}. Intervals are 95 %.`,
    ...report.notes.map((note) => inlineText(note, longestNote)),
    ...overviews(report),
    ...report.arms.flatMap(({ name, measures }) => [`## ${inlineText(name)}`, measureTable(measures)]),
    ...comparisons(report.comparisons),
    ...(report.leftOut.length === 0
      ? []
      : [
          "## Left out",
          list(report.leftOut.map(({ instance, why }) => `${inlineCode(instance)}: ${inlineText(why)}`)),
        ]),
    report.environment === undefined ? "" : inlineText(environmentText(report.environment), longestNote),
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

const overviews = (report: Report): readonly string[] =>
  overviewsOf(report).map(({ head, rows }) =>
    table(
      head.map((name) => inlineText(name)),
      rows.map(([arm = "", ...values]) => [inlineText(arm), ...values]),
    ),
  );

function measureTable(measures: readonly Measure[]): string {
  const ofPaper = measures.some(({ paper }) => paper !== null);
  const rows = measures.map((measure) => [
    inlineText(measure.name),
    measure.value === null
      ? `undefined: ${inlineText(measure.undefinedBecause ?? "nothing to measure")}`
      : valueText(measure.value, measure.unit),
    measure.interval === null ? "" : rangeText(measure.interval, measure.unit),
    String(measure.instances),
    ...(ofPaper ? paperCells(measure) : []),
  ]);
  return rows.length === 0
    ? ""
    : table(["measure", "ours", "interval", "instances", ...(ofPaper ? paperHead : [])], rows);
}

const paperHead = ["paper", "why they may differ"];

const paperCells = ({ paper, unit }: Measure): readonly string[] =>
  paper === null
    ? ["", ""]
    : [
        `${valueText(paper.value, unit)} (paper, ${inlineText(paper.source)})`,
        inlineText(paper.mayDiffer, longestNote),
      ];

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
        differenceText(row),
        row.minimalDetectable === null ? "none" : pointsText(row.minimalDetectable),
        answerText(row, inlineText),
      ]),
    ),
  ];
}
