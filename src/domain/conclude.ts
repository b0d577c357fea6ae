import { votesOf } from "./candidate.ts";
import type { Baseline, DeclineReason, Evidence, RepairResult, VerdictLevel } from "./evidence.ts";
import {
  alteredBy,
  hasNoEffect,
  isDistrusted,
  pocsFailed,
  pocsPassed,
  regressionsOf,
  type Verdict,
  type JudgedCandidate,
} from "./verdict.ts";

/** Without a reproduced issue, a patch is only shown when this share of all samples agrees on it. */
export const majorityWithoutPoc = 0.25;

/**
 * From evidence to the answer: what may be proposed and how loudly, or why nothing is. The ladder is section 5 of the
 * design; a claim that nothing executed supports is never made.
 */
export function conclude(evidence: Evidence): RepairResult {
  const [winner] = evidence.ranking.ordered;
  if (winner === undefined || evidence.files.length === 0)
    return { kind: "declined", ...whyNoCandidate(evidence), evidence };
  const objection = objectionTo(winner, evidence);
  if (objection !== null) return { kind: "declined", ...objection, evidence };
  return {
    kind: "proposed",
    level: levelOf(winner.verdict, evidence.baseline),
    winner: winner.candidate,
    verdict: winner.verdict,
    evidence,
  };
}

type Objection = { readonly reason: DeclineReason; readonly explanation: string };

const whyNoCandidate = (evidence: Evidence): Objection =>
  evidence.stopped !== null
    ? { reason: "stopped", explanation: `It was finished early: ${evidence.stopped.why}.` }
    : evidence.files.length === 0
      ? {
          reason: "no-location",
          explanation: "No sample named a file of the repository that could hold the fault.",
        }
      : { reason: "no-candidate", explanation: "No sample gave a patch that applies and parses." };

/** What speaks against showing the best candidate; null when nothing does. */
function objectionTo({ verdict, candidate }: JudgedCandidate, evidence: Evidence): Objection | null {
  const others = evidence.ranking.ordered.map((judged) => judged.verdict);
  if (verdict.tests.kind === "untrusted") {
    const explanation = `Of the best candidate ${verdict.tests.reason}.`;
    return { reason: "all-regress", explanation };
  }
  const broken = regressionsOf(verdict).length;
  if (broken > 0) {
    const spared = others.some(({ tests }) => tests.kind === "not-run") ? " or passes no script" : "";
    const doubted = others.some(({ tests }) => isDistrusted(tests))
      ? " or has a test run that cannot be trusted"
      : "";
    const explanation = `Every candidate breaks tests${spared}${doubted}; the best one breaks ${broken}.`;
    return { reason: "all-regress", explanation };
  }
  if (evidence.pocs.length > 0) return objectionOfPocs(verdict, others);
  const share = votesOf(candidate) / Math.max(1, evidence.samples);
  if (share >= majorityWithoutPoc) return null;
  return {
    reason: "not-reproduced-and-no-majority",
    explanation: `The issue could not be reproduced, and the most frequent patch has only ${Math.round(share * 100)} % of the samples.`,
  };
}

function objectionOfPocs(verdict: Verdict, others: readonly Verdict[]): Objection | null {
  const [gone, still, all] = [pocsPassed(verdict), pocsFailed(verdict), verdict.pocs.length];
  if (gone === 0) {
    const passing = others.some((other) => pocsPassed(other) > 0) ? " without breaking tests" : "";
    const untouched = others.every(hasNoEffect) ? " None changes anything that they show." : "";
    const explanation = `The issue was reproduced by ${all} script(s), and no candidate makes one of them pass${passing}.${untouched}`;
    return { reason: "none-passes-poc", explanation };
  }
  if (still < gone) return null;
  const explanation = `With the best patch ${still} of ${all} scripts still show the issue, and only ${gone} say that it is gone.`;
  return { reason: "none-passes-poc", explanation };
}

/** How much of "this fixes the issue" was executed. */
export function levelOf(verdict: Verdict, baseline: Baseline): VerdictLevel {
  const hold = testsHold(verdict, baseline);
  if (pocsFailed(verdict) > 0) return pocsPassed(verdict) > 0 ? "partial" : "unverified";
  if (pocsPassed(verdict) > 0) return hold ? "validated" : "partial";
  return hold ? "tests-only" : "unverified";
}

/** Whether the repository's tests ran with the patch and broke nothing, of which there was something. */
export function testsHold(verdict: Verdict, baseline: Baseline): boolean {
  const { tests } = verdict;
  const nothingToKeep = baseline.kind === "ran" && baseline.passing.length === 0;
  const unbroken = tests.kind === "ran" && tests.regressions.length === 0 && alteredBy(verdict).length === 0;
  return unbroken && !isDistrusted(tests) && !nothingToKeep;
}
