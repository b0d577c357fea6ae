import { votesOf } from "../candidate.ts";
import type { Ranking } from "../ranking.ts";
import { hasSameEvidence } from "../ranking-rules.ts";
import { alteredBy, pocsFailed, pocsPassed, regressionsOf } from "../verdict.ts";
import type { Score } from "./method-events.ts";

/** Every candidate's figures, best first. */
export const scoresOf = (ranking: Ranking): readonly Score[] =>
  ranking.ordered.map(({ candidate, verdict, size }) => ({
    candidate: candidate.id,
    regressions: regressionsOf(verdict).length,
    altered: alteredBy(verdict).length,
    pocsPassed: pocsPassed(verdict),
    pocsFailed: pocsFailed(verdict),
    tests: verdict.tests.kind,
    votes: votesOf(candidate),
    lines: size,
  }));

/** The candidates whose executed evidence is that of the first. */
export function tiedOf({ ordered: [first, ...others] }: Ranking): readonly string[] {
  if (first === undefined) return [];
  const same = others.filter((other) => hasSameEvidence(other, first));
  return [first, ...same].map(({ candidate }) => candidate.id);
}
