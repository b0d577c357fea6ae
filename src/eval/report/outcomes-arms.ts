import type { Calibration } from "../../domain/calibration/calibration.ts";
import {
  pullRequestOutcome,
  type RecordedPullRequest,
} from "../../domain/calibration/pull-request-outcome.ts";
import {
  correctedFor,
  repositoryCorrection,
  type Outcome,
} from "../../domain/calibration/repository-correction.ts";
import { wilson } from "../statistics/intervals.ts";
import { plainMeasure } from "./plain-measure.ts";
import type { Measure, Report } from "./report.ts";

/** A pull request of one of several repositories. */
export type PullRequestOf = RecordedPullRequest & { readonly repository: string };

/** What people's word on pull requests says of a calibration, an arm for each repository; `now` in milliseconds since 1970. */
export function outcomesArms(
  pulls: readonly PullRequestOf[],
  calibration: Calibration,
  now: number,
): Pick<Report, "arms" | "leftOut"> {
  const found = pulls.map((pull) => ({ pull, outcome: pullRequestOutcome(pull, now) }));
  const repositories = [...new Set(pulls.map(({ repository }) => repository))].sort();
  return {
    arms: repositories.map((repository) => {
      const here = found.filter(({ pull }) => pull.repository === repository);
      const known = here.flatMap(({ outcome }) => ("unknown" in outcome ? [] : [outcome]));
      return { name: `pull requests of ${repository}`, measures: measuresOf(known, calibration) };
    }),
    leftOut: found.flatMap(({ pull: { repository, number }, outcome }) =>
      "unknown" in outcome ? [{ instance: `${repository}#${number}`, why: outcome.unknown }] : [],
    ),
  };
}

function measuresOf(known: readonly Outcome[], calibration: Calibration): Measure[] {
  const correction = repositoryCorrection(known, calibration);
  const { outcomes, right, foretold, shift, interval, undecided } = correction;
  const share = (name: string, count: number): Measure => ({
    ...plainMeasure(name, "share", outcomes),
    ...(outcomes === 0 ? { undefinedBecause: "none has an outcome" } : { value: count / outcomes }),
  });
  return [
    { ...share("merged as they were", right), interval: wilson(right, outcomes) },
    share("foretold to be right", foretold),
    {
      ...plainMeasure("shift of the intercept", "score", outcomes),
      ...(undecided === null
        ? { value: shift, interval }
        : { undefinedBecause: `not decidable: ${undecided}` }),
    },
    {
      ...plainMeasure("intercept", "score", outcomes),
      value: correctedFor(correction, calibration).intercept,
    },
  ];
}
