import { plainMeasure, shareMeasure } from "../report/plain-measure.ts";
import type { Measure, Report } from "../report/report.ts";
import type { Case } from "../suite/case.ts";
import { suiteHash, type ResultSet } from "../suite/result-set.ts";
import { solvedAt } from "../turns/turns.ts";
import type { ArmResult } from "./arm-result.ts";
import { costMeasures } from "./cost-measures.ts";
import { noiseArms } from "./run-noise.ts";
import { mainMeasure, type Arm, type Table } from "./table.ts";
import type { Grammars } from "./turn-likeness.ts";
import { turnMeasures } from "./turn-measures.ts";

export type MeasuredArm = {
  readonly arm: Arm;
  readonly results: readonly ArmResult[];
  /** What the harness says of its predictions; null where nobody asked it. */
  readonly graded: ResultSet | null;
};

export type ReportInput = {
  readonly table: Table;
  readonly cases: readonly Case[];
  readonly arms: readonly MeasuredArm[];
  readonly leftOut: Report["leftOut"];
  readonly grammars: Grammars;
  readonly seed: number;
};

/** A table's arms with the paper's numbers beside ours. */
export function reproduceReport({ table, cases, arms, leftOut, grammars, seed }: ReportInput): Report {
  return {
    schema: 1,
    title: `${table.id}: ${table.title} (${table.paper})`,
    suite: { hash: suiteHash(cases), instances: cases.length },
    seed,
    arms: [
      ...arms.map((one) => ({
        name: one.arm.name,
        measures: measuresOf(table, one, grammars, seed).map((measure) => withPaper(table, one.arm, measure)),
      })),
      ...noiseArms(table, arms, seed),
    ],
    comparisons: [],
    leftOut: [...leftOut],
    notes: [
      ...table.notes,
      ...arms.flatMap(({ arm, results }) => [...modelNote(arm, results), ...missingNote(arm, results)]),
      ...gradingNote(table, arms),
    ],
  };
}

const measuresOf = (
  { turns }: Table,
  one: MeasuredArm,
  grammars: Grammars,
  seed: number,
): readonly Measure[] => [
  ...(turns === null ? wholeMethodMeasures(one) : turnMeasures(turnsOf(one), turns, grammars)),
  ...costMeasures(one.results, resolvedBy(turns, one), seed),
];

/** How many cases the arm solved; null where nobody has said so yet. */
function resolvedBy(turns: Table["turns"], one: MeasuredArm): number | null {
  if (turns !== null) return turnsOf(one).filter((taken) => solvedAt(taken) !== null).length;
  return one.graded === null ? null : resolvedIn(one.graded);
}

const resolvedIn = ({ rows }: ResultSet): number => rows.filter((row) => row.resolved).length;

const turnsOf = ({ results }: MeasuredArm) => results.flatMap(({ turns }) => turns ?? []);

function wholeMethodMeasures({ results, graded }: MeasuredArm): readonly Measure[] {
  const share = (name: string, holds: (result: ArmResult) => boolean): Measure =>
    shareMeasure(name, results.filter(holds).length, results.length);
  return [
    resolved(graded),
    share("proposed", ({ patch }) => patch !== null),
    share("validated", ({ end }) => end === "validated"),
    ...(["files", "functions", "lines"] as const).map((what) => localized(what, results)),
  ];
}

/** Co-PatcheR's measure: everything that the fix changes was named, of files among the first five. */
function localized(what: "files" | "functions" | "lines", results: readonly ArmResult[]): Measure {
  const hits = results.flatMap((result) => result.localized?.[what] ?? []);
  return shareMeasure(`all ${what} localized`, hits.filter(({ complete }) => complete).length, hits.length);
}

function resolved(graded: ResultSet | null): Measure {
  if (graded === null)
    return {
      ...plainMeasure("resolved", "share", 0),
      undefinedBecause: "its predictions are not graded yet",
    };
  return shareMeasure("resolved", resolvedIn(graded), graded.rows.length);
}

const withPaper = (table: Table, { paper, papers }: Arm, measure: Measure): Measure => ({
  ...measure,
  paper: measure.name === mainMeasure(table) ? paper : (papers[measure.name] ?? null),
});

/** An arm that differs by its models says which ones they were. */
function modelNote({ name, models }: Arm, results: readonly ArmResult[]): readonly string[] {
  if (models === null) return [];
  const served = [...new Set(results.flatMap((result) => Object.values(result.models)))].sort();
  return [`Arm ${name} wants ${models}; what answered calls itself ${served.join(", ") || "nothing"}.`];
}

function missingNote({ name }: Arm, results: readonly ArmResult[]): readonly string[] {
  const missing = results.reduce((sum, result) => sum + result.missing, 0);
  return missing === 0 ? [] : [`Arm ${name}: ${missing} answers were not stored and count as failed.`];
}

/** Tables of turns are decided by the cases' own tests, on the spot. */
const gradingNote = ({ turns }: Table, arms: readonly MeasuredArm[]): readonly string[] =>
  turns === null && arms.some(({ graded }) => graded === null)
    ? ["Not graded arms: have the SWE-bench harness grade their predictions, then give --graded ARM=REPORT."]
    : [];
