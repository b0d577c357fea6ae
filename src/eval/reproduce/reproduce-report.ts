import type { Measure, Report } from "../report/report.ts";
import { clusterBootstrap } from "../statistics/bootstrap.ts";
import { seededChance } from "../statistics/chance.ts";
import { wilson } from "../statistics/intervals.ts";
import type { Case } from "../suite/case.ts";
import { suiteHash, type ResultSet } from "../suite/result-set.ts";
import type { ArmResult } from "./arm-result.ts";
import type { Arm, Table } from "./table.ts";

export type MeasuredArm = {
  readonly arm: Arm;
  readonly results: readonly ArmResult[];
  /** What the harness says of its predictions; null where nobody asked it. */
  readonly graded: ResultSet | null;
};

/** A table's arms with the paper's numbers beside ours. */
export function reproduceReport(
  table: Table,
  cases: readonly Case[],
  arms: readonly MeasuredArm[],
  leftOut: Report["leftOut"],
  seed: number,
): Report {
  const ungraded = arms.some(({ graded }) => graded === null);
  return {
    schema: 1,
    title: `${table.id}: ${table.title} (${table.paper})`,
    suite: { hash: suiteHash(cases), instances: cases.length },
    seed,
    arms: arms.map((one) => ({ name: one.arm.name, measures: measuresOf(one, seed) })),
    comparisons: [],
    leftOut: [...leftOut],
    notes: [
      ...table.notes,
      ...arms.flatMap(({ arm, results }) => [...modelNote(arm, results), ...missingNote(arm, results)]),
      ...(ungraded
        ? [
            "Not graded arms: have the SWE-bench harness grade their predictions, then give --graded ARM=REPORT.",
          ]
        : []),
    ],
  };
}

function measuresOf({ arm, results, graded }: MeasuredArm, seed: number): Measure[] {
  const share = (name: string, holds: (result: ArmResult) => boolean): Measure => {
    const found = results.filter(holds).length;
    return { ...plain(name, "share", results.length), ...rate(found, results.length) };
  };
  return [
    resolved(arm, graded),
    share("proposed", ({ patch }) => patch !== null),
    share("validated", ({ end }) => end === "validated"),
    tokensOf(results, seed),
  ];
}

/** Shared answers count for every arm that uses them. */
function tokensOf(results: readonly ArmResult[], seed: number): Measure {
  const common = plain("tokens of a case", "tokens", results.length);
  const estimate = clusterBootstrap([results.map(({ tokens }) => tokens)], seededChance(seed));
  return estimate === null
    ? { ...common, undefinedBecause: "no case was run" }
    : { ...common, value: estimate.mean, interval: estimate.interval };
}

function resolved({ paper }: Arm, graded: ResultSet | null): Measure {
  const common = { ...plain("resolved", "share", graded?.rows.length ?? 0), paper };
  if (graded === null) return { ...common, undefinedBecause: "its predictions are not graded yet" };
  return { ...common, ...rate(graded.rows.filter((row) => row.resolved).length, graded.rows.length) };
}

const rate = (found: number, all: number): Pick<Measure, "value" | "interval" | "undefinedBecause"> =>
  all === 0
    ? { value: null, interval: null, undefinedBecause: "no case was run" }
    : { value: found / all, interval: wilson(found, all) };

const plain = (name: string, unit: Measure["unit"], instances: number): Measure => ({
  name,
  value: null,
  unit,
  interval: null,
  instances,
  paper: null,
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
