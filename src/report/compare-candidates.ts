import { votesOf } from "../domain/candidate.ts";
import { changedBy } from "../domain/changed-places.ts";
import type { JudgedCandidate } from "../domain/ranking.ts";
import { alteredBy, pocsFailed, pocsPassed, regressionsOf } from "../domain/verdict.ts";
import { count } from "./phrases.ts";

/** The first rule by which a candidate is worse than the winner, as a phrase; test ids are not part of it. */
export function whyItLost(loser: JudgedCandidate, winner: JudgedCandidate): string {
  const broken = regressionsOf(loser.verdict).length;
  if (loser.verdict.tests.kind === "untrusted") return "its test run cannot be trusted";
  if (broken > regressionsOf(winner.verdict).length) {
    return loser.verdict.tests.kind === "crashed"
      ? "the test run crashed"
      : `breaks ${count(broken, "test")}`;
  }
  const [passed, best] = [pocsPassed(loser.verdict), pocsPassed(winner.verdict)];
  const failed = pocsFailed(loser.verdict);
  if (passed < best) {
    return failed > 0
      ? `${count(failed, "script")} still ${failed === 1 ? "shows" : "show"} the issue`
      : `${passed} of ${best} scripts pass`;
  }
  const altered = alteredBy(loser.verdict).length;
  if (altered > alteredBy(winner.verdict).length)
    return `breaks ${count(altered, "test")} without its edits of test files`;
  if (votesOf(loser.candidate) < votesOf(winner.candidate)) return "fewer votes";
  if (leavesTwin(loser) && !leavesTwin(winner)) return "leaves a line as it was that it changes elsewhere";
  // nothing else goes before the size
  if (loser.size < winner.size) return "leaves a place alone that most samples change";
  if (loser.size > winner.size) return "larger change";
  return "came later";
}

const leavesTwin = ({ candidate }: JudgedCandidate): boolean => changedBy(candidate.changes).twins.length > 0;
