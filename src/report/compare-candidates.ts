import { differencesIn, type Difference } from "../domain/ranking.ts";
import {
  alteredBy,
  isDistrusted,
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
  regressions: whyItsTests,
  pocs: whyItsScripts,
  effect: () => "changes nothing that a script shows",
  score: () => "has the worse reference score",
  votes: () => "fewer votes",
  agreement: () => "fewer samples make the scripts print the same",
  places: () => "leaves a place alone that most samples change",
  twins: () => "leaves a line as it was that it changes elsewhere",
  size: () => "larger change",
  "first-seen": () => "came later",
};

function whyItsTests(loser: Verdict, winner: Verdict): string {
  if (isDistrusted(loser.tests)) return "its test run cannot be trusted";
  const broken = regressionsOf(loser).length;
  if (broken > regressionsOf(winner).length)
    return loser.tests.kind === "crashed" ? "the test run crashed" : `breaks ${count(broken, "test")}`;
  const altered = alteredBy(loser).length;
  return altered > 0
    ? `breaks ${count(altered, "test")} without its edits of test files`
    : "edits all tests that could speak for it";
}

function whyItsScripts(loser: Verdict, winner: Verdict): string {
  if (loser.tests.kind === "not-run" && loser.tests.because === "cannot-run") return "could not be run";
  const failed = pocsFailed(loser);
  return failed > 0
    ? `${count(failed, "script")} still ${failed === 1 ? "shows" : "show"} the issue`
    : `${pocsPassed(loser)} of ${pocsPassed(winner)} scripts pass`;
}
