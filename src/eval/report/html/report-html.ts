import { escapeHtml } from "../../../report/html.ts";
import {
  answerText,
  differenceText,
  environmentText,
  pointsText,
  rangeText,
  valueText,
} from "../measure-text.ts";
import { overviewsOf } from "../overview.ts";
import type { ComparisonRow, Measure, Report } from "../report.ts";
import { curveSvg } from "./curve-svg.ts";
import { curvesOf, type Curve } from "./curves.ts";

const style = `
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; color: #1b1f24; }
table { border-collapse: collapse; margin: 0.5rem 0 1.5rem; display: block; overflow-x: auto; }
th, td { border: 1px solid #d0d7de; padding: 0.25rem 0.6rem; text-align: left; vertical-align: top; }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
figure { margin: 1rem 0; } figcaption { color: #57606a; }
svg { max-width: 100%; height: auto; }
`;

/** The report as one HTML file: nothing in it is loaded or run, and all text of cases and systems is escaped. */
export async function reportHtml(report: Report): Promise<string> {
  const { title, suite, seed } = report;
  const figures = await Promise.all(curvesOf(report).map(figure));
  const parts = [
    `<h1>${escapeHtml(title)}</h1>`,
    `<p>${suite.instances} instances, suite <code>${escapeHtml(suite.hash.slice(0, 12))}</code>, seed ${seed}. Intervals are 95 %.</p>`,
    ...report.notes.map((note) => `<p><strong>${escapeHtml(note)}</strong></p>`),
    ...overviews(report),
    ...figures,
    ...comparisons(report.comparisons),
    ...report.arms.flatMap(({ name, measures }) => [`<h2>${escapeHtml(name)}</h2>`, measureTable(measures)]),
    ...leftOut(report),
    ...(report.environment === undefined
      ? []
      : [`<p>${escapeHtml(environmentText(report.environment))}</p>`]),
  ];
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(title)}</title><style>${style}</style></head><body>`,
    ...parts,
    "</body></html>",
    "",
  ].join("\n");
}

const figure = async (curve: Curve): Promise<string> =>
  `<figure><figcaption>${escapeHtml(captionOf(curve))}, with 95 % intervals</figcaption>${await curveSvg(curve)}</figure>`;

function captionOf({ name, axis }: Curve): string {
  switch (axis) {
    case "k":
      return `${name}@k`;
    case "turn":
      return `${name} within t turns of feedback`;
    case "probability":
      return `${name}: the nearer to the dashed line, the better`;
  }
}

type Cell = { readonly text: string; readonly number?: boolean };

const table = (head: readonly string[], rows: readonly (readonly Cell[])[]): string => {
  const cell = ({ text, number }: Cell): string =>
    `<td${number === true ? ' class="number"' : ""}>${escapeHtml(text)}</td>`;
  return [
    `<table><tr>${head.map((name) => `<th>${escapeHtml(name)}</th>`).join("")}</tr>`,
    ...rows.map((cells) => `<tr>${cells.map(cell).join("")}</tr>`),
    "</table>",
  ].join("\n");
};

const number = (text: string): Cell => ({ text, number: true });

const overviews = (report: Report): readonly string[] =>
  overviewsOf(report).map(({ head, rows }) =>
    table(
      head,
      rows.map(([arm = "", ...values]) => [{ text: arm }, ...values.map(number)]),
    ),
  );

function measureTable(measures: readonly Measure[]): string {
  const ofPaper = measures.some(({ paper }) => paper !== null);
  const rows = measures.map(({ name, value, undefinedBecause, unit, interval, instances, paper }) => [
    { text: name },
    value === null
      ? { text: `undefined: ${undefinedBecause ?? "nothing to measure"}` }
      : number(valueText(value, unit)),
    number(interval === null ? "" : rangeText(interval, unit)),
    number(String(instances)),
    ...(ofPaper
      ? [
          { text: paper === null ? "" : `${valueText(paper.value, unit)} (paper, ${paper.source})` },
          { text: paper?.mayDiffer ?? "" },
        ]
      : []),
  ]);
  const head = [
    "measure",
    "ours",
    "interval",
    "instances",
    ...(ofPaper ? ["paper", "why they may differ"] : []),
  ];
  return rows.length === 0 ? "" : table(head, rows);
}

function comparisons(rows: readonly ComparisonRow[]): readonly string[] {
  if (rows.length === 0) return [];
  const head = ["first", "second", "only first", "only second", "p (exact)", "mid-p", "p (Holm)"];
  const cells = rows.map((row) => [
    { text: row.first },
    { text: row.second },
    number(String(row.onlyFirst)),
    number(String(row.onlySecond)),
    number(row.p.toPrecision(3)),
    number(row.midP.toPrecision(3)),
    number(row.adjustedP.toPrecision(3)),
    { text: differenceText(row) },
    number(row.minimalDetectable === null ? "none" : pointsText(row.minimalDetectable)),
    { text: answerText(row, (name) => name) },
  ]);
  return ["<h2>Comparisons</h2>", table([...head, "second - first", "detectable", "answer"], cells)];
}

function leftOut({ leftOut: items }: Report): readonly string[] {
  if (items.length === 0) return [];
  const lines = items.map(
    ({ instance, why }) => `<li><code>${escapeHtml(instance)}</code>: ${escapeHtml(why)}</li>`,
  );
  return ["<h2>Left out</h2>", `<ul>${lines.join("\n")}</ul>`];
}
