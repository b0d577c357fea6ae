import {
  agreement,
  executed,
  places,
  size,
  twins,
  votes,
  type CommonRule,
  type Rule,
  type RuleName,
} from "./ranking-rules.ts";
import { pocsPassed, regressionsOf, type JudgedCandidate } from "./verdict.ts";

/** What separates a candidate from a worse one. */
export type Difference = RuleName | "first-seen";

export type DecidedBy = Difference | "only-candidate";

/** All judged candidates, best first, and what separated the winner from the runner-up. */
export type Ranking = { readonly ordered: readonly JudgedCandidate[]; readonly decidedBy: DecidedBy | null };

/**
 * rerank.py of the released code: failed PoCs plus a tenth of the new test failures, lowest wins. A judgement that cannot
 * be read is a failed PoC there (verify.py).
 */
const referenceScore: Rule = {
  name: "score",
  cost: ({ verdict }) => verdict.pocs.length - pocsPassed(verdict) + 0.1 * regressionsOf(verdict).length,
};

export type RankingMethod = "lexicographic" | "reference";

const methods: Readonly<Record<RankingMethod, readonly (Rule | CommonRule)[]>> = {
  lexicographic: [...executed, votes, agreement, places, twins, size],
  reference: [referenceScore, votes],
};

/**
 * Orders the judged candidates. `lexicographic` is ours: no regressions, PoCs passed, no tests hidden by edits of
 * tests, some effect on a script, votes, agreement on what scripts print, no place or twin forgotten, smaller diff, first
 * seen (docs/decisions/0003, 0008); `reference` is the released code's formula, kept for comparison. Equal candidates keep
 * the order in which they were given, so callers pass them in order of their first sample.
 */
export function rank(judged: readonly JudgedCandidate[], method: RankingMethod): Ranking {
  const between = ruleAmong(judged, method);
  const ordered = [...judged].sort((a, b) => {
    const rule = between(a, b);
    return rule === null ? 0 : rule.cost(a) - rule.cost(b);
  });

  const [winner, runnerUp] = ordered;
  if (winner === undefined) return { ordered, decidedBy: null };
  if (runnerUp === undefined) return { ordered, decidedBy: "only-candidate" };
  return { ordered, decidedBy: between(winner, runnerUp)?.name ?? "first-seen" };
}

/** By what, in our own order, one of all that were ranked is worse than another. */
export function differencesIn(
  all: readonly JudgedCandidate[],
): (better: JudgedCandidate, worse: JudgedCandidate) => Difference {
  const between = ruleAmong(all, "lexicographic");
  return (better, worse) => between(better, worse)?.name ?? "first-seen";
}

/** The first rule that tells two of all candidates apart; null where none does. */
function ruleAmong(
  all: readonly JudgedCandidate[],
  method: RankingMethod,
): (a: JudgedCandidate, b: JudgedCandidate) => Rule | null {
  const rules = methods[method].map((rule) =>
    "cost" in rule ? rule : { name: rule.name, cost: rule.among(all) },
  );
  return (a, b) => rules.find((rule) => rule.cost(a) !== rule.cost(b)) ?? null;
}
