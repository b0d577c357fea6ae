import type { Signals } from "./signals.ts";

export const featureNames = [
  "scriptsFixed",
  "scriptsBroken",
  "testsHold",
  "voteShare",
  "voteMargin",
] as const;
export type FeatureName = (typeof featureNames)[number];

/** A probability as a logistic function of the features, with the data behind it. */
export type Calibration = {
  readonly intercept: number;
  readonly weights: Readonly<Record<FeatureName, number>>;
  readonly fittedOn: { readonly cases: number; readonly repositories: number };
  /** Probability from which on the wanted share was right in cases that were left out; null: from none. */
  readonly threshold: number | null;
  /** Why too few cases were seen to claim that of new ones, null when they are enough. */
  readonly undecided: string | null;
  /** The outcomes of one repository's pull requests that moved the intercept. */
  readonly correctedBy?: { readonly outcomes: number; readonly right: number };
};

/** Each from 0 to 1. A second script says less than the first. */
export function featuresOf(signals: Signals): Readonly<Record<FeatureName, number>> {
  const { samples, votes, rivalVotes, scriptsFixed, scriptsBroken } = signals;
  const ofSamples = (some: number): number => some / Math.max(1, samples);
  return {
    scriptsFixed: scriptsFixed / (scriptsFixed + 1),
    scriptsBroken: scriptsBroken / (scriptsBroken + 1),
    testsHold: Number(signals.testsHold),
    voteShare: ofSamples(votes),
    voteMargin: ofSamples(Math.max(0, votes - rivalVotes)),
  };
}

/** What a calibration says of a patch, whether its data are enough or not. */
export function estimateRight(signals: Signals, { intercept, weights }: Calibration): number {
  const features = featuresOf(signals);
  const score = featureNames.reduce((sum, name) => sum + weights[name] * features[name], intercept);
  return 1 / (1 + Math.exp(-score));
}

/** The probability that the patch is right; null while the calibration's data are too few to say one. */
export const probabilityRight = (signals: Signals, calibration: Calibration): number | null =>
  calibration.undecided === null ? estimateRight(signals, calibration) : null;
