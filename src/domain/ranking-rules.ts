import { votesOf } from "./candidate.ts";
import { changedBy } from "./changed-places.ts";
import {
  alteredBy,
  hasNoEffect,
  isDistrusted,
  pocsPassed,
  regressionsOf,
  type JudgedCandidate,
  type TestVerdict,
} from "./verdict.ts";

export type RuleName =
  | "tested"
  | "trust"
  | "regressions"
  | "pocs"
  | "edits"
  | "effect"
  | "score"
  | "votes"
  | "agreement"
  | "places"
  | "twins"
  | "size";

/** The lower its cost, the better a candidate is. */
export type Rule = {
  readonly name: RuleName;
  readonly cost: (judged: JudgedCandidate) => number;
};

/** One that compares a candidate with all of them. */
export type CommonRule = {
  readonly name: RuleName;
  readonly among: (all: readonly JudgedCandidate[]) => Rule["cost"];
};

/** A candidate whose tests could have been run but were not has shown nothing, not even that it breaks nothing. */
const spared: Rule = { name: "tested", cost: ({ verdict: { tests } }) => Number(sparedTests(tests)) };
const sparedTests = (tests: TestVerdict): boolean =>
  tests.kind === "not-run" && (tests.because === "fails-every-poc" || tests.because === "cannot-run");
/** A run that is not believed is worse than any, also where no test was green to begin with (docs/decisions/0008). */
const trust: Rule = { name: "trust", cost: ({ verdict }) => Number(isDistrusted(verdict.tests)) };
const regressions: Rule = { name: "regressions", cost: ({ verdict }) => regressionsOf(verdict).length };
const pocs: Rule = { name: "pocs", cost: (judged) => -pocsPassed(judged.verdict) };
/**
 * Tests that fail without the patch's edits of test files, which the issue names: it may be what the issue wants changed, so
 * it weighs less than a script. Where no other test was green the edit itself takes evidence away.
 */
const edited: Rule = {
  name: "edits",
  cost: ({ verdict }) => {
    const { tests } = verdict;
    return alteredBy(verdict).length + Number(tests.kind === "not-run" && tests.because === "edits-tests");
  },
};
const effect: Rule = { name: "effect", cost: ({ verdict }) => Number(hasNoEffect(verdict)) };
export const votes: Rule = { name: "votes", cost: (judged) => -votesOf(judged.candidate) };
export const size: Rule = { name: "size", cost: (judged) => judged.size };
/** A repair that is to be made at two places is smallest when one of them is forgotten. */
export const twins: Rule = {
  name: "twins",
  cost: ({ candidate }) => Number(changedBy(candidate.changes).twins.length > 0),
};
/** Places that it leaves alone and most samples with the same evidence change. */
export const places: CommonRule = {
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

/**
 * Samples with the same evidence under which every script prints the same, however they are written: votes of all patches that
 * behave alike as far as anything was seen of it.
 */
export const agreement: CommonRule = {
  name: "agreement",
  among: (all) => {
    const behaviour = (judged: JudgedCandidate): string =>
      [evidenceOf(judged), ...judged.verdict.pocs.map(({ printed }) => printed)].join();
    const counts = new Map<string, number>();
    for (const judged of all) {
      const key = behaviour(judged);
      counts.set(key, (counts.get(key) ?? 0) + votesOf(judged.candidate));
    }
    return (judged) => -(counts.get(behaviour(judged)) ?? 0);
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

/** What was executed; the other rules decide among candidates whose evidence is the same. */
export const executed = [spared, trust, regressions, pocs, edited, effect] as const;

const evidenceOf = (judged: JudgedCandidate): string => executed.map((rule) => rule.cost(judged)).join();

/** Whether nothing that is executed can speak better for any candidate: all scripts say that it fixes the issue. */
export const hasBestEvidence = (judged: JudgedCandidate): boolean =>
  spared.cost(judged) === 0 &&
  trust.cost(judged) === 0 &&
  regressions.cost(judged) === 0 &&
  edited.cost(judged) === 0 &&
  pocs.cost(judged) === -judged.verdict.pocs.length;

export const hasSameEvidence = (a: JudgedCandidate, b: JudgedCandidate): boolean =>
  evidenceOf(a) === evidenceOf(b);
