import { groupByClass, type CandidateClass } from "../../domain/candidate-class.ts";
import { votesOf } from "../../domain/candidate.ts";
import { rank, type RankingMethod } from "../../domain/ranking.ts";
import type { Verdict, JudgedCandidate } from "../../domain/verdict.ts";
import type { WrittenSample } from "../../pipeline/written-sample.ts";
import type { JudgedClass, JudgedPool, Means } from "./judge-pool.ts";

/** A choice among some of a pool's patches, best first; the ids are those of patches. */
export type Decision = {
  readonly picked: string | null;
  readonly ordered: readonly JudgedCandidate[];
};

/** Chooses among the patches with these ids, which come in the order in which they were sampled. */
export type Decide = (pool: JudgedPool, ids: readonly string[]) => Decision;

export type Arm = {
  readonly name: string;
  readonly decide: Decide;
  /** Whether its decisions end in one of the pipeline's conclusions, which may say `validated`. */
  readonly concludes: boolean;
};

const nothing: Verdict = {
  candidate: "",
  pocs: [],
  tests: { kind: "not-run", because: "no-baseline", reason: "nothing is executed" },
};

const first: Decide = (_, [id]) => ({ picked: id ?? null, ordered: [] });

/** The class with the most patches, the first of equals; nothing is executed. */
const majority: Decide = (pool, ids) => {
  const classes = classesOf(pool, ids);
  const most = Math.max(...classes.map(({ candidate }) => votesOf(candidate)));
  const winner = classes.find(({ candidate }) => votesOf(candidate) === most);
  return { picked: winner?.standing.sample ?? null, ordered: [] };
};

/** The released formula: all scripts and tests are run, whatever the others say, and none of them twice. */
const reference: Decide = (pool, ids) =>
  decide(pool, ids, "reference", ({ verdicts }) => ({
    ...verdicts["pocs-and-tests"],
    tests: verdicts.tests.tests,
  }));

/** The ways to choose that are compared; each sees the same candidates and the same executions. */
export const arms: readonly Arm[] = [
  { name: "first", decide: first, concludes: false },
  { name: "majority", decide: majority, concludes: false },
  { name: "reference", decide: reference, concludes: false },
  { name: "ours", decide: ourDecision("pocs-and-tests"), concludes: true },
  { name: "ours-no-pocs", decide: ourDecision("tests"), concludes: true },
  { name: "ours-no-tests", decide: ourDecision("pocs"), concludes: true },
];

/** Our ranking; whoever would lead needs a second run of the tests that agrees, as in the contest of the pipeline. */
function ourDecision(means: Means): Decide {
  return (pool, ids) => {
    const confirmed = new Set<string>();
    const verdictOf = ({ verdicts, confirmed: second }: JudgedClass): Verdict => {
      const verdict = verdicts[means];
      return second !== null && confirmed.has(verdict.candidate) && verdict.tests.kind !== "not-run"
        ? { ...verdict, tests: second }
        : verdict;
    };
    for (;;) {
      const decision = decide(pool, ids, "lexicographic", verdictOf);
      const leader = decision.ordered[0]?.candidate.id;
      if (leader === undefined || confirmed.has(leader)) return decision;
      confirmed.add(leader);
    }
  };
}

function decide(
  pool: JudgedPool,
  ids: readonly string[],
  method: RankingMethod,
  verdictOf: (one: JudgedClass) => Verdict,
): Decision {
  const classes = classesOf(pool, ids);
  const judged = classes.map(({ candidate, standing }) => {
    const one = pool.classes.get(candidate.id);
    return { candidate, verdict: one === undefined ? nothing : verdictOf(one), size: standing.size };
  });
  const { ordered } = rank(judged, method);
  const winner = classes.find(({ candidate }) => candidate === ordered[0]?.candidate);
  return { picked: winner?.standing.sample ?? null, ordered };
}

const classesOf = (
  { samples }: JudgedPool,
  ids: readonly string[],
): readonly CandidateClass<WrittenSample>[] => {
  const offered = new Set(ids);
  return groupByClass(
    samples.flatMap(({ id, end }) => (offered.has(id) && end.kind === "written" ? [end.written] : [])),
  );
};
