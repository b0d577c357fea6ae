import { votesOf, type Candidate } from "./candidate.ts";
import { changedBy } from "./changed-places.ts";
import {
  alteredBy,
  isDistrusted,
  pocsPassed,
  regressionsOf,
  type TestVerdict,
  type Verdict,
} from "./verdict.ts";

/** A candidate together with its executed judgement; `size` is the changed lines of its patch. */
export type JudgedCandidate = {
  readonly candidate: Candidate;
  readonly verdict: Verdict;
  readonly size: number;
};

/** Which rule separated the winner from the runner-up. */
export type DecidedBy =
  "only-candidate" | "regressions" | "pocs" | "score" | "votes" | "places" | "twins" | "size" | "first-seen";

/** All judged candidates, best first. */
export type Ranking = { readonly ordered: readonly JudgedCandidate[]; readonly decidedBy: DecidedBy | null };

type Rule = {
  readonly name: Exclude<DecidedBy, "only-candidate" | "first-seen">;
  readonly cost: (judged: JudgedCandidate) => number;
};

/** One that compares a candidate with all of them. */
type CommonRule = {
  readonly name: Rule["name"];
  readonly among: (all: readonly JudgedCandidate[]) => Rule["cost"];
};

/** A candidate whose tests could have been run but were not has shown nothing, not even that it breaks nothing. */
const spared: Rule = { name: "pocs", cost: ({ verdict: { tests } }) => Number(sparedTests(tests)) };
const sparedTests = (tests: TestVerdict): boolean =>
  tests.kind === "not-run" && (tests.because === "fails-every-poc" || tests.because === "cannot-run");
const regressions: Rule = {
  name: "regressions",
  // A run that is not believed is worse than any, also where no test was green to begin with.
  cost: ({ verdict }) => regressionsOf(verdict).length + Number(isDistrusted(verdict.tests)),
};
const pocs: Rule = { name: "pocs", cost: (judged) => -pocsPassed(judged.verdict) };
/**
 * Tests that fail without the patch's edits of test files, which the issue names: it may be what the issue wants changed, so
 * it weighs less than a script. Where no other test was green the edit itself takes evidence away.
 */
const edited: Rule = {
  name: "regressions",
  cost: ({ verdict }) => {
    const { tests } = verdict;
    return alteredBy(verdict).length + Number(tests.kind === "not-run" && tests.because === "edits-tests");
  },
};
const votes: Rule = { name: "votes", cost: (judged) => -votesOf(judged.candidate) };
const size: Rule = { name: "size", cost: (judged) => judged.size };
/** A repair that is to be made at two places is smallest when one of them is forgotten. */
const twins: Rule = {
  name: "twins",
  cost: ({ candidate }) => Number(changedBy(candidate.changes).twins.length > 0),
};
/** Places that it leaves alone and most samples with the same evidence change. */
const places: CommonRule = {
  name: "places",
  among: (all) => {
    const common = new Map<string, readonly string[]>();
    return (judged) => {
      const evidence = evidenceOf(judged);
      const shared = common.get(evidence) ?? commonPlaces(all.filter((one) => hasSameEvidence(one, judged)));
      common.set(evidence, shared);
      const own = changedBy(judged.candidate.changes).places;
      return shared.filter((place) => !own.has(place)).length;
    };
  },
};

function commonPlaces(peers: readonly JudgedCandidate[]): readonly string[] {
  const counts = new Map<string, number>();
  let all = 0;
  for (const { candidate } of peers) {
    const count = votesOf(candidate);
    all += count;
    for (const place of changedBy(candidate.changes).places)
      counts.set(place, (counts.get(place) ?? 0) + count);
  }
  return [...counts].filter(([, count]) => 2 * count > all).map(([place]) => place);
}

/** What was executed; votes and size decide among candidates whose evidence is the same. */
const executed = [spared, regressions, pocs, edited] as const;

const evidenceOf = (judged: JudgedCandidate): string => executed.map((rule) => rule.cost(judged)).join();

/** Whether nothing that is executed can speak better for any candidate: all scripts say that it fixes the issue. */
export const hasBestEvidence = (judged: JudgedCandidate): boolean =>
  spared.cost(judged) === 0 &&
  regressions.cost(judged) === 0 &&
  edited.cost(judged) === 0 &&
  pocs.cost(judged) === -judged.verdict.pocs.length;

export const hasSameEvidence = (a: JudgedCandidate, b: JudgedCandidate): boolean =>
  evidenceOf(a) === evidenceOf(b);

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
  lexicographic: [...executed, votes, places, twins, size],
  reference: [referenceScore, votes],
};

/**
 * Orders the judged candidates. `lexicographic` is ours: no regressions, PoCs passed, no tests hidden by edits of
 * tests, votes, no place or twin forgotten, smaller diff, first seen (docs/decisions/0003, 0008); `reference` is the
 * released code's formula, kept for comparison. Equal candidates keep the order in which they were given, so callers pass
 * them in order of their first sample.
 */
export function rank(judged: readonly JudgedCandidate[], method: RankingMethod): Ranking {
  const rules = methods[method].map((rule) =>
    "cost" in rule ? rule : { name: rule.name, cost: rule.among(judged) },
  );
  const firstDifference = (a: JudgedCandidate, b: JudgedCandidate): Rule | undefined =>
    rules.find((rule) => rule.cost(a) !== rule.cost(b));
  const ordered = [...judged].sort((a, b) => {
    const rule = firstDifference(a, b);
    return rule === undefined ? 0 : rule.cost(a) - rule.cost(b);
  });

  const [winner, runnerUp] = ordered;
  if (winner === undefined) return { ordered, decidedBy: null };
  if (runnerUp === undefined) return { ordered, decidedBy: "only-candidate" };
  return { ordered, decidedBy: firstDifference(winner, runnerUp)?.name ?? "first-seen" };
}
