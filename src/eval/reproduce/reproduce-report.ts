import { meanMeasure, plainMeasure, shareMeasure } from "../report/plain-measure.ts";
import type { Measure, Report } from "../report/report.ts";
import type { Case } from "../suite/case.ts";
import { suiteHash, type ResultSet } from "../suite/result-set.ts";
import type { ArmResult } from "./arm-result.ts";
import { costMeasures } from "./cost-measures.ts";
import { comparedArms, decidedBy, type MeasuredArm } from "./decided.ts";
import { noiseArms } from "./run-noise.ts";
import { mainMeasure, type Arm, type Table } from "./table.ts";
import type { Grammars } from "./turn-likeness.ts";
import { turnMeasures } from "./turn-measures.ts";

export type ReportInput = {
  readonly table: Table;
  readonly cases: readonly Case[];
  readonly arms: readonly MeasuredArm[];
  readonly leftOut: Report["leftOut"];
  readonly grammars: Grammars;
  readonly seed: number;
};

/** A table's arms with the paper's numbers beside ours. */
export function reproduceReport(input: ReportInput): Report {
  const { table, cases, arms, leftOut, seed } = input;
  const sets = arms.map((one) => decidedBy(one, cases));
  return {
    schema: 1,
    title: `${table.id}: ${table.title} (${table.paper})`,
    suite: { hash: suiteHash(cases), instances: cases.length },
    seed,
    arms: [
      ...arms.map((one, place) => ({
        name: one.arm.name,
        measures: measuresOf(input, one, sets[place] ?? null).map((measure) =>
          withPaper(table, one.arm, measure),
        ),
      })),
      ...noiseArms(table, arms, seed),
    ],
    comparisons: comparedArms(sets, seed),
    instances: arms.flatMap((one, place) => instanceRows(one, sets[place] ?? null)),
    leftOut: [...leftOut],
    notes: [
      ...table.notes,
      ...arms.flatMap(({ arm, results }) => [...modelNote(arm, results), ...missingNote(arm, results)]),
      ...arms.flatMap(({ arm, results }) => brokenNote(arm, results)),
      ...gradingNote(sets),
    ],
  };
}

function measuresOf(
  { table: { turns }, cases, grammars, seed }: ReportInput,
  one: MeasuredArm,
  decided: ResultSet | null,
): readonly Measure[] {
  const repositories = new Map(cases.map(({ instance, question }) => [instance, question.repository]));
  const repositoryOf = (instance: string): string => repositories.get(instance) ?? instance;
  const solved = decided === null ? null : resolvedIn(decided);
  return [
    ...(turns === null ? wholeMethodMeasures(one, decided) : turnMeasures(turnsOf(one), turns, grammars)),
    ...costMeasures(one.results, repositoryOf, solved, seed),
  ];
}

const resolvedIn = ({ rows }: ResultSet): number => rows.filter((row) => row.resolved).length;

const turnsOf = ({ results }: MeasuredArm) => results.flatMap(({ turns }) => turns ?? []);

function wholeMethodMeasures({ results }: MeasuredArm, decided: ResultSet | null): readonly Measure[] {
  const share = (name: string, holds: (result: ArmResult) => boolean): Measure =>
    shareMeasure(name, results.filter(holds).length, results.length);
  return [
    resolved(decided),
    share("proposed", ({ patch }) => patch !== null),
    share("validated", ({ end }) => end === "validated"),
    ...(["files", "functions", "lines"] as const).flatMap((what) => localized(what, results)),
  ];
}

/** Co-PatcheR's measure first: everything that the fix changes was named, of files among the first five. */
function localized(what: "files" | "functions" | "lines", results: readonly ArmResult[]): readonly Measure[] {
  const hits = results.flatMap((result) => result.localized?.[what] ?? []);
  const share = (name: string, holds: (hit: (typeof hits)[number]) => boolean): Measure =>
    shareMeasure(`${name} ${what} localized`, hits.filter(holds).length, hits.length);
  return [
    share("all", ({ complete }) => complete),
    share("any", ({ any }) => any),
    meanMeasure(
      `share of ${what} localized`,
      "share",
      hits.map(({ recall }) => recall),
    ),
  ];
}

const resolved = (decided: ResultSet | null): Measure =>
  decided === null
    ? { ...plainMeasure("resolved", "share", 0), undefinedBecause: "its predictions are not graded yet" }
    : shareMeasure("resolved", resolvedIn(decided), decided.rows.length);

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

/** What broke counts as unresolved, and is named, since the patch may not be at fault. */
function brokenNote({ name }: Arm, results: readonly ArmResult[]): readonly string[] {
  const broken = results.filter(({ grade }) => grade?.broke === true);
  const named = broken.map(({ instance, grade }) => `${instance} (${grade?.why ?? ""})`);
  return broken.length === 0
    ? []
    : [`Arm ${name}: grading broke and counts as unresolved: ${named.join("; ")}.`];
}

const gradingNote = (sets: readonly (ResultSet | null)[]): readonly string[] =>
  sets.includes(null)
    ? ["Not graded arms: have the SWE-bench harness grade their predictions, then give --graded ARM=REPORT."]
    : [];

function instanceRows({ arm, results }: MeasuredArm, decided: ResultSet | null): Report["instances"] {
  const resolvedOf = new Map(decided?.rows.map((row) => [row.instance, row.resolved]));
  return results.map(({ instance, end, grade, tokens, seconds, spent, missing, localized }) => ({
    instance,
    arm: arm.name,
    values: {
      resolved: resolvedOf.get(instance) ?? null,
      end,
      grade: grade?.why ?? null,
      tokens,
      seconds,
      modelSeconds: spent?.modelSeconds ?? null,
      sandboxSeconds: spent?.sandboxSeconds ?? null,
      missing,
      allFilesLocalized: localized?.files?.complete ?? null,
      allFunctionsLocalized: localized?.functions?.complete ?? null,
      allLinesLocalized: localized?.lines?.complete ?? null,
    },
  }));
}
