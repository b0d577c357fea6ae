import {
  estimateRight,
  featureNames,
  featuresOf,
  type Calibration,
} from "../../domain/calibration/calibration.ts";
import { wilson, z95 } from "../statistics/intervals.ts";
import type { CaseLeaders, Leader } from "./case-leaders.ts";
import { fitLogistic } from "./fit-logistic.ts";

/**
 * Precision of the prior, a normal one about zero with a standard deviation of 2.5, as Gelman and others (2008) give their
 * Cauchy for features of about this scale. A case counts once, however many runs were drawn from it.
 */
const ridge = 1 / 2.5 ** 2;

/** A leader with the probability that a calibration gives it that never saw its case. */
export type Predicted = {
  readonly instance: string;
  readonly repository: string;
  readonly probability: number;
  readonly right: boolean;
  readonly end: Leader["end"];
  /** The case's leaders together weigh as much as the share of its runs that have one. */
  readonly weight: number;
};

export type Calibrated = {
  readonly calibration: Calibration;
  readonly predicted: readonly Predicted[];
};

/** What leaders from some probability on were like, each predicted without its own case. */
export type Above = { readonly probability: number; readonly right: number; readonly weight: number };

/** Fitted on all cases and checked on each by a fit on the others; `wanted` is the precision that a threshold is for. */
export function calibrate(cases: readonly CaseLeaders[], wanted: number): Calibrated {
  const predicted = cases.flatMap((one) => {
    const others = fit(cases.filter((other) => other !== one));
    return one.leaders.map((leader): Predicted => ({
      instance: one.instance,
      repository: one.repository,
      probability: estimateRight(leader.signals, others),
      right: leader.right,
      end: leader.end,
      weight: weightOf(one, leader),
    }));
  });
  const above = thresholdFor(predicted, wanted);
  const calibration: Calibration = {
    ...fit(cases),
    threshold: above?.probability ?? null,
    undecided: whyUndecided(above, wanted),
  };
  return { calibration, predicted };
}

function fit(cases: readonly CaseLeaders[]): Calibration {
  const telling = cases.filter(({ leaders }) => leaders.length > 0);
  const observations = telling.flatMap((one) =>
    one.leaders.map((leader) => {
      const features = featuresOf(leader.signals);
      return {
        features: featureNames.map((name) => features[name]),
        right: leader.right,
        weight: weightOf(one, leader),
      };
    }),
  );
  const [intercept = 0, ...values] = fitLogistic(observations, ridge);
  const weight = (at: number): number => values[at] ?? 0;
  return {
    intercept,
    weights: {
      scriptsFixed: weight(0),
      scriptsBroken: weight(1),
      testsHold: weight(2),
      voteShare: weight(3),
      voteMargin: weight(4),
    },
    fittedOn: {
      cases: telling.length,
      repositories: new Set(telling.map(({ repository }) => repository)).size,
    },
    threshold: null,
    undecided: "not checked",
  };
}

const weightOf = ({ drawn }: CaseLeaders, { runs }: Leader): number => runs / drawn;

/** The lowest probability from which on the wanted share of the leaders is right; null when there is none. */
export function thresholdFor(predicted: readonly Predicted[], wanted: number): Above | null {
  const levels = [...new Set(predicted.map(({ probability }) => probability))].sort((a, b) => b - a);
  let found: Above | null = null;
  for (const probability of levels) {
    const above = aboveOf(predicted, probability);
    if (above.right >= wanted * above.weight) found = above;
  }
  return found;
}

function aboveOf(predicted: readonly Predicted[], probability: number): Above {
  let [right, weight] = [0, 0];
  for (const one of predicted) {
    if (one.probability < probability) continue;
    weight += one.weight;
    if (one.right) right += one.weight;
  }
  return { probability, right, weight };
}

/** A threshold is claimed when the lower end of the interval over cases reaches what is wanted, not the share alone. */
function whyUndecided(above: Above | null, wanted: number): string | null {
  const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
  if (above === null) return `from no probability on are ${percent(wanted)} of the leaders right`;
  const low = wilson(above.right, above.weight)?.low ?? 0;
  if (low >= wanted) return null;
  return (
    `${Number(above.weight.toFixed(1))} cases lie above the threshold, so that their precision is known to be at least ` +
    `${percent(low)} only; ${casesNeeded(wanted)} that are all right would show ${percent(wanted)}`
  );
}

/** The fewest cases, all of them right, whose Wilson interval begins at the wanted precision. */
export const casesNeeded = (wanted: number): number => Math.ceil((z95 * z95 * wanted) / (1 - wanted));
