import type { Candidate } from "../domain/candidate.ts";
import { testsHold } from "../domain/conclude.ts";
import type { Baseline, RejectedSample, RepairResult } from "../domain/evidence.ts";
import { describeOutcome } from "../domain/execution.ts";
import { patchSize } from "../domain/patch.ts";
import type { FailedPoc, Poc } from "../domain/poc.ts";
import type { Ranking } from "../domain/ranking.ts";
import { scoresOf, tiedOf } from "../domain/record/scores.ts";
import type { RunRecord } from "../ports/run-record.ts";
import { noted } from "./record-localization.ts";
import type { StageContext } from "./stage-context.ts";

/** What a finished repair came to: candidates, rejected samples, scripts, baseline, verdicts and the choice. */
export async function recordRepair(
  { record, rankingMethod }: StageContext,
  result: RepairResult,
): Promise<void> {
  const { candidates, rejected, pocs, failedPocs, baseline, ranking } = result.evidence;
  await recordGeneration(record, candidates, rejected);
  await recordBaseline(record, baseline);
  await recordPocs(record, pocs, failedPocs);
  await recordVerdicts(record, candidates, ranking);
  await recordSelection(record, rankingMethod, result);
}

/** Every candidate and every sample that gave none. */
async function recordGeneration(
  record: RunRecord,
  candidates: readonly Candidate[],
  rejected: readonly RejectedSample[],
): Promise<void> {
  for (const candidate of candidates) await recordCandidate(record, candidate);
  for (const rejection of rejected) {
    await noted(record, rejection, () => ({ kind: "rejection", ...rejection }));
  }
}

const recordCandidate = (record: RunRecord, candidate: Candidate): Promise<void> =>
  noted(record, [candidate.id, candidate.samples, candidate.patch], (keep) => ({
    kind: "candidate",
    candidate: candidate.id,
    samples: candidate.samples,
    refines: candidate.refines,
    patch: keep(candidate.patch),
    paths: candidate.changes.map(({ path }) => path),
    lines: patchSize(candidate.changes),
    restored: candidate.restored,
  }));

async function recordPocs(
  record: RunRecord,
  pocs: readonly Poc[],
  failed: readonly FailedPoc[],
): Promise<void> {
  for (const poc of pocs) {
    await noted(record, poc, (keep) => ({
      kind: "poc",
      poc: poc.id,
      style: poc.kind,
      attempts: poc.attempts,
      confirmed: {
        sample: poc.sourceSample,
        source: keep(poc.source),
        ended: describeOutcome(poc.baseline),
        reachedEnd: poc.reachedEnd,
      },
      reason: null,
    }));
  }
  for (const { id, kind, attempts, reason } of failed) {
    await noted(record, [id, attempts, reason], () => ({
      kind: "poc",
      poc: id,
      style: kind,
      attempts,
      confirmed: null,
      reason,
    }));
  }
}

const recordBaseline = (record: RunRecord, baseline: Baseline): Promise<void> =>
  noted(record, baseline, () => ({ kind: "baseline", baseline }));

async function recordVerdicts(
  record: RunRecord,
  candidates: readonly Candidate[],
  { ordered }: Ranking,
): Promise<void> {
  const verdicts = new Map(ordered.map(({ verdict }) => [verdict.candidate, verdict]));
  for (const verdict of candidates.flatMap(({ id }) => verdicts.get(id) ?? [])) {
    await noted(record, verdict, () => ({
      kind: "verdict",
      candidate: verdict.candidate,
      pocs: verdict.pocs.map(({ poc, result, judgedBy, outcome, printed, unchanged, reason }) => ({
        poc,
        result,
        judgedBy,
        ended: describeOutcome(outcome),
        printed,
        unchanged,
        reason: reason ?? null,
      })),
      tests: verdict.tests,
    }));
  }
}

function recordSelection(record: RunRecord, method: string, result: RepairResult): Promise<void> {
  const { ranking, samples, unneeded } = result.evidence;
  const [best] = ranking.ordered;
  const ordered = scoresOf(ranking);
  const proposed = result.kind === "proposed";
  const selection = {
    kind: "selection" as const,
    method,
    ordered,
    tied: tiedOf(ranking),
    samples,
    ...(best === undefined ? {} : { testsHold: testsHold(best.verdict, result.evidence.baseline) }),
    decidedBy: ranking.decidedBy,
    unneeded,
    winner: proposed ? result.winner.id : null,
    outcome: proposed ? result.level : result.reason,
    explanation: proposed ? null : result.explanation,
  };
  return noted(record, selection, () => selection);
}
