import type { Candidate } from "../domain/candidate.ts";
import type { Baseline, RepairResult } from "../domain/evidence.ts";
import { describeOutcome } from "../domain/execution.ts";
import { patchSize } from "../domain/patch.ts";
import type { FailedPoc, Poc } from "../domain/poc.ts";
import type { JudgedCandidate } from "../domain/ranking.ts";
import { scoresOf, tiedOf } from "../domain/record/scores.ts";
import type { RunRecord } from "../ports/run-record.ts";
import type { Generation } from "./generate.ts";
import { noted } from "./record-localization.ts";

/** Every candidate and every sample that gave none. */
export async function recordGeneration(record: RunRecord, generation: Generation): Promise<void> {
  for (const candidate of generation.candidates) await recordCandidate(record, candidate);
  for (const rejection of generation.rejected) {
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

export async function recordPocs(
  record: RunRecord,
  { pocs, failed }: { readonly pocs: readonly Poc[]; readonly failed: readonly FailedPoc[] },
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

export const recordBaseline = (record: RunRecord, baseline: Baseline): Promise<void> =>
  noted(record, baseline, () => ({ kind: "baseline", baseline }));

export async function recordVerdicts(record: RunRecord, judged: readonly JudgedCandidate[]): Promise<void> {
  for (const { verdict } of judged) {
    await noted(record, verdict, () => ({
      kind: "verdict",
      candidate: verdict.candidate,
      pocs: verdict.pocs.map(({ poc, result, judgedBy, outcome, reason }) => ({
        poc,
        result,
        judgedBy,
        ended: describeOutcome(outcome),
        reason: reason ?? null,
      })),
      tests: verdict.tests,
    }));
  }
}

export function recordSelection(record: RunRecord, method: string, result: RepairResult): Promise<void> {
  const { ranking } = result.evidence;
  const ordered = scoresOf(ranking);
  const proposed = result.kind === "proposed";
  const selection = {
    kind: "selection" as const,
    method,
    ordered,
    tied: tiedOf(ordered),
    decidedBy: ranking.decidedBy,
    winner: proposed ? result.winner.id : null,
    outcome: proposed ? result.level : result.reason,
    explanation: proposed ? null : result.explanation,
  };
  return noted(record, selection, () => selection);
}
