import { votesOf, type Candidate } from "../domain/candidate.ts";
import type { Evidence, RepairResult } from "../domain/evidence.ts";
import { describeOutcome, succeeded } from "../domain/execution.ts";
import { pocsFailed, pocsPassed, regressionsOf, type JudgedCandidate } from "../domain/verdict.ts";
import { hasSameEvidence } from "../domain/ranking-rules.ts";
import { whyTheyLost } from "./compare-candidates.ts";
import { patchSize } from "../domain/patch.ts";
import { uncheckedOf, whyUnchecked } from "./phrases.ts";
import { plainDoubts } from "./trust.ts";

/** Why one candidate class was kept or refused, in one word for machines and one sentence for people. */
export type ClassSummary = {
  readonly id: string;
  readonly votes: number;
  readonly samples: readonly string[];
  readonly files: readonly string[];
  /** Test files whose edits were left out. */
  readonly restored: readonly string[];
  readonly lines: number;
  readonly verdict:
    "selected" | "equivalent-evidence" | "fails-poc" | "breaks-tests" | "inconclusive" | "unchecked";
  readonly why: string;
  readonly pocs: Readonly<Record<string, string>>;
  readonly regressions: readonly string[];
};

/** A finished repair as data: the names of section 10 of the design, for `--json`, reports and the demo. */
export function summarise(result: RepairResult, seconds: number) {
  const { evidence } = result;
  const [best] = evidence.ranking.ordered;
  return {
    verdict: result.kind === "proposed" ? result.level : "declined",
    ...(result.kind === "declined" ? { reason: result.reason, explanation: result.explanation } : {}),
    patch: result.kind === "proposed" ? result.winner.patch : "",
    base: evidence.baseSha,
    candidates: evidence.samples,
    applied: evidence.candidates.reduce((sum, candidate) => sum + votesOf(candidate), 0),
    classes: [
      ...evidence.ranking.ordered.map((judged, place) => summariseClass(judged, place === 0, result)),
      ...uncheckedOf(evidence).map(summariseUnchecked),
    ],
    unneeded: evidence.unneeded,
    feedback: evidence.feedback,
    rejected: evidence.rejected,
    locations: evidence.locations,
    pocs: summarisePocs(evidence, best),
    baseline: evidence.baseline,
    flags: evidence.flags,
    testDoubts: best === undefined ? [] : plainDoubts(best.verdict.tests),
    regressions: best === undefined ? [] : regressionsOf(best.verdict),
    decidedBy: evidence.ranking.decidedBy,
    models: evidence.models,
    sandbox: evidence.sandbox,
    usage: evidence.usage,
    provenance: evidence.provenance,
    seconds,
  };
}

export type RepairSummary = ReturnType<typeof summarise>;

function summariseClass(judged: JudgedCandidate, first: boolean, result: RepairResult): ClassSummary {
  const { candidate, verdict, size } = judged;
  const selected = first && result.kind === "proposed";
  return {
    id: candidate.id,
    votes: votesOf(candidate),
    samples: candidate.samples,
    files: candidate.changes.map((change) => change.path),
    restored: candidate.restored,
    lines: size,
    ...(selected
      ? { verdict: "selected" as const, why: `ranked first by ${result.evidence.ranking.decidedBy}` }
      : whyNot(judged, result.evidence.ranking.ordered)),
    pocs: Object.fromEntries(verdict.pocs.map((poc) => [poc.poc, poc.result])),
    regressions: regressionsOf(verdict),
  };
}

const summariseUnchecked = (candidate: Candidate): ClassSummary => ({
  id: candidate.id,
  votes: votesOf(candidate),
  samples: candidate.samples,
  files: candidate.changes.map((change) => change.path),
  restored: candidate.restored,
  lines: patchSize(candidate.changes),
  verdict: "unchecked",
  why: whyUnchecked,
  pocs: {},
  regressions: [],
});

function whyNot(
  judged: JudgedCandidate,
  ordered: readonly JudgedCandidate[],
): Pick<ClassSummary, "verdict" | "why"> {
  const { verdict } = judged;
  const broken = regressionsOf(verdict);
  if (verdict.tests.kind === "untrusted") return { verdict: "breaks-tests", why: verdict.tests.reason };
  if (broken.length > 0) {
    return {
      verdict: "breaks-tests",
      why: `${broken.length} test(s) that passed before do not: ${broken[0]}`,
    };
  }
  const failing = verdict.pocs.filter((poc) => poc.result === "still-broken").map((poc) => poc.poc);
  if (failing.length > 0)
    return { verdict: "fails-poc", why: `the issue still shows in ${failing.join(", ")}` };
  if (pocsPassed(verdict) === 0)
    return { verdict: "inconclusive", why: "no script says that the issue is gone" };
  const [best = judged] = ordered;
  if (!hasSameEvidence(judged, best))
    return { verdict: "inconclusive", why: whyTheyLost(ordered, best)(judged) };
  return { verdict: "equivalent-evidence", why: "as good by what was executed; the rules behind it decided" };
}

function summarisePocs(evidence: Evidence, best: JudgedCandidate | undefined) {
  const after = new Map(best?.verdict.pocs.map((poc) => [poc.poc, poc]) ?? []);
  const reproduced = evidence.pocs.map((poc) => ({
    id: poc.id,
    kind: poc.kind,
    reproduced: true,
    attempts: poc.attempts,
    before: describeOutcome(poc.baseline),
    failsBefore: poc.kind === "printing" || !succeeded(poc.baseline),
    after: after.has(poc.id) ? describeOutcome(after.get(poc.id)?.outcome ?? poc.baseline) : "not run",
    result: after.get(poc.id)?.result ?? "not-run",
    judgedBy: after.get(poc.id)?.judgedBy ?? null,
  }));
  const failed = evidence.failedPocs.map((poc) => ({ ...poc, reproduced: false }));
  return {
    reproduced,
    failed,
    passed: best === undefined ? 0 : pocsPassed(best.verdict),
    stillBroken: best === undefined ? 0 : pocsFailed(best.verdict),
  };
}
