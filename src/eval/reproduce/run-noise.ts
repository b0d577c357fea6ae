import { plainMeasure } from "../report/plain-measure.ts";
import type { Measure, Report } from "../report/report.ts";
import { deviation, mean, runBootstrap } from "../statistics/bootstrap.ts";
import { seededChance } from "../statistics/chance.ts";
import { solvedAt } from "../turns/turns.ts";
import type { ArmResult } from "./arm-result.ts";
import { mainMeasure, type Arm, type Table } from "./table.ts";

type Run = { readonly arm: Arm; readonly results: readonly ArmResult[] };

/** What several runs of one system say together, with the spread between them; nothing where fewer than two are there. */
export function noiseArms(table: Table, runs: readonly Run[], seed: number): Report["arms"] {
  const same = runs.filter(({ arm }) => arm.sample !== null);
  if (same.length < 2) return [];
  const instances = (same[0]?.results ?? [])
    .map(({ instance }) => instance)
    .filter((instance) => same.every(({ results }) => results.some((one) => one.instance === instance)));
  const solved = instances.map((instance) => same.map(({ results }) => Number(isSolved(results, instance))));
  const shares = same.map((_, run) => mean(solved.map((ofInstance) => ofInstance[run] ?? 0)));
  const estimate = runBootstrap(solved, seededChance(seed));
  const name = `${mainMeasure(table)}, mean of the runs`;
  const measures: Measure[] =
    estimate === null
      ? [{ ...plainMeasure(name, "share", 0), undefinedBecause: "no case was run in all of them" }]
      : [
          {
            ...plainMeasure(name, "share", instances.length),
            value: estimate.mean,
            interval: estimate.interval,
          },
          {
            ...plainMeasure("standard deviation between the runs", "share", instances.length),
            value: deviation(shares),
          },
        ];
  return [{ name: `${same.length} runs`, measures }];
}

function isSolved(results: readonly ArmResult[], instance: string): boolean {
  const turns = results.find((one) => one.instance === instance)?.turns ?? null;
  return turns !== null && solvedAt(turns) !== null;
}
