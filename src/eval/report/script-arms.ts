import { cohenKappa, confusion, type Judged } from "../metrics/agreement.ts";
import { ratioBootstrap, type Part } from "../statistics/bootstrap.ts";
import { seededChance } from "../statistics/chance.ts";
import { plainMeasure, valueMeasure } from "./plain-measure.ts";
import type { Measure, Report } from "./report.ts";

/** What scripts said of one case's patches, beside the truth. */
export type CaseJudgements = { readonly repository: string; readonly judged: readonly Judged[] };

/** How far the word of scripts can be believed, as an arm of a report; none where they said nothing. */
export function scriptArm(name: string, cases: readonly CaseJudgements[], seed: number): Report["arms"] {
  const all = cases.flatMap(({ judged }) => judged);
  if (all.length === 0) return [];
  const told = cases.filter(({ judged }) => judged.length > 0).length;
  const share = (of: string, part: (one: Judged) => boolean, whole: (one: Judged) => boolean): Measure => {
    const clusters = byRepository(cases).map((judged) =>
      judged.map((one): Part => ({ part: Number(part(one) && whole(one)), whole: Number(whole(one)) })),
    );
    const estimate = ratioBootstrap(clusters, seededChance(seed));
    return estimate === null
      ? { ...plainMeasure(of, "share", told), undefinedBecause: "there is no such patch" }
      : { ...plainMeasure(of, "share", told), value: estimate.mean, interval: estimate.interval };
  };
  const [saysFixed, isRight] = [(one: Judged) => one.said, (one: Judged) => one.truth];
  return [
    {
      name,
      measures: [
        share("right where a script says so", isRight, saysFixed),
        share("right ones of which a script says so", saysFixed, isRight),
        valueMeasure("agreement beyond chance (Cohen's kappa)", "score", cohenKappa(confusion(all)), told),
      ],
    },
  ];
}

const byRepository = (cases: readonly CaseJudgements[]): readonly (readonly Judged[])[] =>
  [...new Set(cases.map(({ repository }) => repository))].map((name) =>
    cases.filter(({ repository }) => repository === name).flatMap(({ judged }) => judged),
  );
