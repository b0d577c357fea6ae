import { differencesIn, type Difference } from "../domain/ranking.ts";
import {
  alteredBy,
  pocsFailed,
  pocsPassed,
  regressionsOf,
  type JudgedCandidate,
  type Verdict,
} from "../domain/verdict.ts";
import { count } from "./phrases.ts";

/** Why one of all candidates lost: the first rule by which it is worse than the winner; test ids are not part of it. */
export function whyTheyLost(
  all: readonly JudgedCandidate[],
  winner: JudgedCandidate,
): (loser: JudgedCandidate) => string {
  const differences = differencesIn(all);
  return (loser) => phrases[differences(winner, loser)](loser.verdict, winner.verdict);
}

const phrases: Readonly<Record<Difference, (loser: Verdict, winner: Verdict) => string>> = {
  tested: (loser) => (pocsFailed(loser) > 0 ? stillShown(loser) : "could not be run"),
  trust: () => "its test run cannot be trusted",
  regressions: (loser) =>
    loser.tests.kind === "crashed"
      ? "the test run crashed"
      : `breaks ${count(regressionsOf(loser).length, "test")}`,
  pocs: (loser, winner) =>
    pocsFailed(loser) > 0 ? stillShown(loser) : `${pocsPassed(loser)} of ${pocsPassed(winner)} scripts pass`,
  edits: (loser) =>
    alteredBy(loser).length > 0
      ? `breaks ${count(alteredBy(loser).length, "test")} without its edits of test files`
      : "edits all tests that could speak for it",
  effect: () => "changes nothing that a script shows",
  score: () => "has the worse reference score",
  votes: () => "fewer votes",
  agreement: () => "fewer samples make the scripts print the same",
  places: () => "leaves a place alone that most samples change",
  twins: () => "leaves a line as it was that it changes elsewhere",
  size: () => "larger change",
  "first-seen": () => "came later",
};

function stillShown(verdict: Verdict): string {
  const failed = pocsFailed(verdict);
  return `${count(failed, "script")} still ${failed === 1 ? "shows" : "show"} the issue`;
}
