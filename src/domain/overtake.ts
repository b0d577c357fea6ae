import { votesOf, type Candidate } from "./candidate.ts";
import type { RankingMethod } from "./ranking.ts";
import { hasBestEvidence, hasSameEvidence } from "./ranking-rules.ts";
import type { JudgedCandidate } from "./verdict.ts";

/** What of a run is still to come. */
export type Outstanding = {
  /** Samples that are still being written: each may become a vote for any class, or ask for one more review. */
  readonly samples: number;
  /** Reviews that are still being written: each may become a vote for any refinement. */
  readonly reviews: number;
  /** Candidates without a verdict, as far as they may still have the best evidence. */
  readonly unjudged: readonly Candidate[];
};

/**
 * Whether nothing that is outstanding can put another candidate before the leader, so that the rest of the work would not
 * change who wins. Exact where the members of a class behave alike, which is what makes them one. Known only for our own
 * ranking, and only where scripts show the issue: without them the share of all samples counts as well.
 */
export function cannotBeOvertaken(
  leader: JudgedCandidate,
  others: readonly JudgedCandidate[],
  outstanding: Outstanding,
  method: RankingMethod,
): boolean {
  if (method !== "lexicographic" || leader.verdict.pocs.length === 0) return false;
  // Votes of a refinement may go: its parent may come to be another sample's patch, with another review.
  if (leader.candidate.refines !== null || !hasBestEvidence(leader)) return false;
  const { samples, reviews, unjudged } = outstanding;
  const unseen = samples + reviews;
  const mayGain = ({ refines }: Candidate): number => (refines === null ? samples : unseen);
  const rivals = [
    ...unjudged,
    ...others.filter((other) => hasSameEvidence(other, leader)).map(({ candidate }) => candidate),
  ];
  const most = rivals.map((rival) => votesOf(rival) + mayGain(rival));
  return votesOf(leader.candidate) > Math.max(unseen, ...most);
}
