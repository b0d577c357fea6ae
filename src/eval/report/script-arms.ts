import { cohenKappa, confusion, type Judged } from "../metrics/agreement.ts";
import { pocQuality, speaks, type MeasuredPoc } from "../metrics/poc-quality.ts";
import { ratioBootstrap } from "../statistics/bootstrap.ts";
import { seededChance } from "../statistics/chance.ts";
import { plainMeasure, valueMeasure } from "./plain-measure.ts";
import type { Measure, Report } from "./report.ts";

/** What belongs to one case: its scripts, or what a judge said of its patches. */
export type OfCase<T> = { readonly repository: string; readonly found: readonly T[] };

/** How good scripts are, and how far their word can be believed, as an arm of a report; none where none was asked for. */
export function scriptArm(name: string, cases: readonly OfCase<MeasuredPoc>[], seed: number): Report["arms"] {
  const asked = cases.filter(({ found }) => found.length > 0);
  if (asked.length === 0) return [];
  const quality = pocQuality(asked.flatMap(({ found }) => found));
  const count = (of: string, value: number): Measure => valueMeasure(of, "count", value, asked.length);
  const share = shares(asked, seed);
  const words = asked.map(({ repository, found }) => ({
    repository,
    found: found.filter(speaks).flatMap(({ verdicts }) => verdicts),
  }));
  const measures = [
    count("scripts asked for", quality.pocs),
    share("run without a fault of their own", ({ valid }) => valid),
    share("show the issue on the base commit", speaks),
    count("different programs among these", quality.distinct),
    share(
      "call the accepted fix fixed",
      ({ fixedByGold }) => fixedByGold === true,
      (script) => speaks(script) && script.fixedByGold !== null,
    ),
    ...agreement(words, seed),
  ];
  return [{ name, measures }];
}

/** How far a judge's word can be believed; none where it said nothing. */
export const judgeArm = (name: string, cases: readonly OfCase<Judged>[], seed: number): Report["arms"] =>
  cases.some(({ found }) => found.length > 0) ? [{ name, measures: agreement(cases, seed) }] : [];

function agreement(cases: readonly OfCase<Judged>[], seed: number): Measure[] {
  const told = cases.filter(({ found }) => found.length > 0);
  const share = shares(told, seed);
  const [saysFixed, isRight] = [(one: Judged) => one.said, (one: Judged) => one.truth];
  const table = confusion(told.flatMap(({ found }) => found));
  return [
    share("right patches among those called fixed", isRight, saysFixed),
    share("called fixed, of right patches", saysFixed, isRight),
    share(
      "called broken, of wrong patches",
      ({ said }) => !said,
      ({ truth }) => !truth,
    ),
    share("agreement with the hidden tests", ({ said, truth }) => said === truth),
    valueMeasure("agreement beyond chance (Cohen's kappa)", "score", cohenKappa(table), told.length),
  ];
}

/** Shares of what cases have, with intervals that draw repositories. */
const shares =
  <T>(cases: readonly OfCase<T>[], seed: number) =>
  (name: string, holds: (one: T) => boolean, counts: (one: T) => boolean = () => true): Measure => {
    const clusters = byRepository(cases).map((found) =>
      found.map((one) => ({ part: Number(holds(one) && counts(one)), whole: Number(counts(one)) })),
    );
    const estimate = ratioBootstrap(clusters, seededChance(seed));
    const plain = plainMeasure(name, "share", cases.length);
    return estimate === null
      ? { ...plain, undefinedBecause: "there is none of these" }
      : { ...plain, value: estimate.mean, interval: estimate.interval };
  };

const byRepository = <T>(cases: readonly OfCase<T>[]): readonly (readonly T[])[] =>
  [...new Set(cases.map(({ repository }) => repository))].map((name) =>
    cases.filter(({ repository }) => repository === name).flatMap(({ found }) => found),
  );
