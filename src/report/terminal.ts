import { votesOf } from "../domain/candidate.ts";
import type { Evidence, RepairResult } from "../domain/evidence.ts";
import { describeOutcome } from "../domain/execution.ts";
import { withVisibleHidden } from "../domain/visible-text.ts";
import { regressionsOf, type JudgedCandidate } from "../domain/verdict.ts";
import { whyTheyLost } from "./compare-candidates.ts";
import { plainDoubts } from "./trust.ts";
import {
  count,
  declineHelp,
  declineTitles,
  decisions,
  duration,
  feedbackSentence,
  feedbackTurnOf,
  levelNames,
  pocResultNames,
  rejectionNames,
  uncheckedOf,
  whyUnchecked,
} from "./phrases.ts";

const shownCandidates = 8;

function pocLines(evidence: Evidence, best: JudgedCandidate | undefined): readonly string[] {
  const after = new Map(best?.verdict.pocs.map((result) => [result.poc, result]) ?? []);
  const reproduced = evidence.pocs.map((poc) => {
    const result = after.get(poc.id);
    const end =
      result === undefined
        ? "not run with a patch"
        : `${describeOutcome(result.outcome)}, ${pocResultNames[result.result]}${result.reason === undefined ? "" : ` (${result.reason})`}`;
    return `  ${poc.id} (${poc.kind}): ${describeOutcome(poc.baseline)} -> ${end}`;
  });
  const failed = evidence.failedPocs.map(
    (poc) => `  ${poc.id} (${poc.kind}): did not reproduce, ${poc.reason}`,
  );
  return [
    `Scripts from the issue:`,
    ...(evidence.pocs.length + failed.length === 0 ? ["  none"] : []),
    ...reproduced,
    ...failed,
  ];
}

function testLines(evidence: Evidence, best: JudgedCandidate | undefined): readonly string[] {
  const { baseline } = evidence;
  if (baseline.kind === "none") return [`Tests: not run, ${baseline.reason}`];
  const before = `${baseline.passing.length} passed and ${baseline.failing.length} failed before`;
  if (best === undefined) return [`Tests: ${before}`];
  const { tests } = best.verdict;
  if (tests.kind === "not-run") return [`Tests: ${before}, not run with the patch: ${tests.reason}`];
  const regressions = regressionsOf(best.verdict);
  const crash =
    tests.kind === "ran" ? "" : tests.kind === "crashed" ? `, crashed: ${tests.reason}` : `, ${tests.reason}`;
  const runs = baseline.withoutCanary === null ? ", in two runs" : `, in one run (${baseline.withoutCanary})`;
  const note = baseline.note === null ? "" : `; ${baseline.note}`;
  return [
    `Tests: ${before}, ${count(regressions.length, "new failure")}${crash}${runs}${note}`,
    ...regressions.slice(0, 5).map((id) => `  ${id}`),
  ];
}

function candidateLines(evidence: Evidence, proposed: boolean): readonly string[] {
  const { ranking, samples, unneeded, rejected } = evidence;
  const [winner] = ranking.ordered;
  const whyNot = winner === undefined ? () => "" : whyTheyLost(ranking.ordered, winner);
  const shown = ranking.ordered.slice(0, shownCandidates).map((judged, place) => {
    const turn = feedbackTurnOf(evidence, judged.candidate.id);
    const chosen = ranking.decidedBy === null ? "chosen" : `chosen: ${decisions[ranking.decidedBy]}`;
    const first = proposed ? chosen : "best, not proposed";
    const why = place === 0 ? first : whyNot(judged);
    return `  ${judged.candidate.id}  ${count(votesOf(judged.candidate), "vote")}, ${count(judged.size, "line")}${turn === null ? "" : `, found in feedback turn ${turn}`}: ${why}`;
  });
  const more = ranking.ordered.length - shown.length;
  const unchecked = uncheckedOf(evidence).length;
  const reasons = new Map<string, number>();
  for (const { reason } of rejected) {
    reasons.set(rejectionNames[reason], (reasons.get(rejectionNames[reason]) ?? 0) + 1);
  }
  return [
    `Candidates: ${ranking.ordered.length} distinct from ${count(samples, "sample")}${unneeded === 0 ? "" : `; ${unneeded} more not needed, since no answer could have put another patch first`}`,
    ...(evidence.feedback.length === 0 ? [] : [`  ${feedbackSentence(evidence)}`]),
    ...shown,
    ...(more > 0 ? [`  and ${more} more`] : []),
    ...(unchecked > 0 ? [`  and ${unchecked} ${whyUnchecked}`] : []),
    ...[...reasons].map(([reason, times]) => `  rejected ${times}: ${reason}`),
  ];
}

/** A finished repair for a terminal: plain text, nothing in it can steer the terminal. */
export function terminalText(result: RepairResult, seconds: number): string {
  const { evidence } = result;
  const [best] = evidence.ranking.ordered;
  const proposed = result.kind === "proposed";
  const head = proposed
    ? `${levelNames[result.level]}: ${result.winner.changes.map((change) => change.path).join(", ")}`
    : `Nothing proposed: ${declineTitles[result.reason]}. ${result.explanation}`;
  const lines = [
    head,
    "",
    ...pocLines(evidence, best),
    ...testLines(evidence, best),
    ...candidateLines(evidence, proposed),
    ...evidence.flags.map(
      ({ path, line, meaning }) => `Look at ${path}${line === null ? "" : `:${line}`}: ${meaning}`,
    ),
    ...(best === undefined ? [] : plainDoubts(best.verdict.tests)).map(
      (text) => `Look at the tests: ${text}`,
    ),
    ...(proposed ? ["", result.winner.patch.trimEnd()] : ["", `Next step: ${declineHelp[result.reason]}.`]),
    "",
    `Sandbox: ${evidence.sandbox}`,
    `Took ${duration(seconds)}; ${evidence.usage.prompt} tokens in, ${evidence.usage.completion} out${evidence.usage.estimated ? " (estimated)" : ""}.`,
  ];
  return withVisibleHidden(lines.join("\n"));
}
