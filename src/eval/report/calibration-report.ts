import { featureNames, type Calibration } from "../../domain/calibration/calibration.ts";
import { canonicalJson, sha256 } from "../../domain/canonical-json.ts";
import type { Calibrated, Predicted } from "../calibration/calibrate.ts";
import type { CaseLeaders } from "../calibration/case-leaders.ts";
import { brierOf, reliabilityBins } from "../calibration/reliability.ts";
import { ratioBootstrap, type Part } from "../statistics/bootstrap.ts";
import { seededChance } from "../statistics/chance.ts";
import { wilson } from "../statistics/intervals.ts";
import { plainMeasure, valueMeasure } from "./plain-measure.ts";
import type { Measure, Report } from "./report.ts";

type Weighed = Pick<Predicted, "instance" | "repository" | "right" | "weight">;

/** How well leaders of cases are foretold by what was fitted on the others, and what was fitted on all. */
export function calibrationReport(
  cases: readonly CaseLeaders[],
  { calibration, predicted }: Calibrated,
  seed: number,
): Report {
  const { threshold, undecided } = calibration;
  return {
    schema: 1,
    title: "Calibration",
    suite: { hash: sha256(canonicalJson(cases.map(({ hash }) => hash).sort())), instances: cases.length },
    seed,
    arms: [
      { name: "left-out cases", measures: leftOutMeasures(predicted, threshold, seed) },
      { name: "fitted on all cases", measures: fittedMeasures(calibration) },
    ],
    comparisons: [],
    instances: [],
    leftOut: cases.flatMap(({ instance, leaders }) =>
      leaders.length === 0 ? [{ instance, why: "no run had a candidate" }] : [],
    ),
    notes: [
      undecided === null
        ? "Decidable: the threshold may be used."
        : `Not decidable: ${undecided}. The pipeline shows no probability, and what was executed alone decides.`,
    ],
  };
}

function leftOutMeasures(predicted: readonly Predicted[], threshold: number | null, seed: number): Measure[] {
  const measure = (name: string, unit: Measure["unit"], of: (one: Predicted) => number, some = predicted) =>
    measureOf(name, unit, some, of, seed);
  const rates = baseRates(predicted);
  const isAbove = ({ probability }: Predicted): boolean => threshold !== null && probability >= threshold;
  const validated = predicted.filter(({ end }) => end === "validated");
  const proposed = predicted.filter(({ end }) => end !== "declined");
  return [
    measure("right leaders", "share", rightness),
    measure("Brier score", "score", ({ probability, right }) => brierOf(probability, right)),
    measure("Brier score of the other cases' share", "score", ({ instance, right }) =>
      brierOf(rates.get(instance) ?? 0.5, right),
    ),
    measure("precision of proposed", "share", rightness, proposed),
    measure("precision of validated", "share", rightness, validated),
    measure("precision above the threshold", "share", rightness, predicted.filter(isAbove)),
    measure("above the threshold", "share", (one) => Number(isAbove(one))),
    ...reliability(predicted),
  ];
}

function fittedMeasures({ intercept, weights, threshold, undecided, fittedOn }: Calibration): Measure[] {
  const number = (name: string, value: number): Measure => valueMeasure(name, "score", value, fittedOn.cases);
  return [
    number("intercept", intercept),
    ...featureNames.map((name) => number(name, weights[name])),
    threshold === null
      ? {
          ...plainMeasure("threshold", "score", fittedOn.cases),
          undefinedBecause: undecided ?? "none is needed",
        }
      : number("threshold", threshold),
  ];
}

const rightness = ({ right }: Predicted): number => Number(right);

/** A mean over leaders by their weight, with an interval that draws repositories. */
function measureOf(
  name: string,
  unit: Measure["unit"],
  some: readonly Predicted[],
  of: (one: Predicted) => number,
  seed: number,
): Measure {
  const clusters = new Map<string, Part[]>();
  for (const one of some) {
    const part = { part: one.weight * of(one), whole: one.weight };
    clusters.set(one.repository, [...(clusters.get(one.repository) ?? []), part]);
  }
  const estimate = ratioBootstrap([...clusters.values()], seededChance(seed));
  const common = plainMeasure(name, unit, new Set(some.map(({ instance }) => instance)).size);
  return estimate === null
    ? { ...common, undefinedBecause: "no leader is of this kind" }
    : { ...common, value: estimate.mean, interval: estimate.interval };
}

/** For each case the share of right leaders among those of the others: what one would say who knows nothing else. */
function baseRates(predicted: readonly Weighed[]): ReadonlyMap<string, number> {
  const instances = new Set(predicted.map(({ instance }) => instance));
  return new Map(
    [...instances].map((instance) => {
      const others = predicted.filter((one) => one.instance !== instance);
      const weight = others.reduce((sum, one) => sum + one.weight, 0);
      const right = others.reduce((sum, one) => sum + (one.right ? one.weight : 0), 0);
      return [instance, weight === 0 ? 0.5 : right / weight];
    }),
  );
}

const reliability = (predicted: readonly Predicted[]): Measure[] =>
  reliabilityBins(predicted).map(({ said, right, weight, cases }) => ({
    ...plainMeasure(`right where ${(100 * said).toFixed(0)} % was said`, "share", cases),
    value: right,
    interval: wilson(right * weight, weight),
    at: { curve: "reliability", x: said, axis: "probability" },
  }));
