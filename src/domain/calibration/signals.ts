import { z } from "zod";
import { votesOf } from "../candidate.ts";
import { testsHold } from "../conclude.ts";
import type { Evidence } from "../evidence.ts";
import { hasSameEvidence } from "../ranking-rules.ts";
import { pocsFailed, pocsPassed } from "../verdict.ts";

const count = z.number().int().nonnegative();

/** What speaks for the best patch of a repair, as counts; how sure one may be of it is worked out from nothing else. */
export const Signals = z.object({
  samples: count,
  votes: count,
  /** Votes of the best other candidate for which the same evidence was executed. */
  rivalVotes: count,
  /** Scripts that say that the issue is gone, and scripts that still show it. */
  scriptsFixed: count,
  scriptsBroken: count,
  /** The repository's tests ran with the patch, there was something to break, and nothing is broken. */
  testsHold: z.boolean(),
});
export type Signals = z.infer<typeof Signals>;

/** The signals of the candidate that leads; null where there is none. */
export function signalsOf({ samples, ranking, baseline }: Evidence): Signals | null {
  const [best, ...others] = ranking.ordered;
  if (best === undefined) return null;
  const rivals = others.filter((other) => hasSameEvidence(best, other));
  return {
    samples,
    votes: votesOf(best.candidate),
    rivalVotes: Math.max(0, ...rivals.map(({ candidate }) => votesOf(candidate))),
    scriptsFixed: pocsPassed(best.verdict),
    scriptsBroken: pocsFailed(best.verdict),
    testsHold: testsHold(best.verdict, baseline),
  };
}
