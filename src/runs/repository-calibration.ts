import type { Calibration } from "../domain/calibration/calibration.ts";
import { pullRequestOutcome } from "../domain/calibration/pull-request-outcome.ts";
import { correctedFor, repositoryCorrection } from "../domain/calibration/repository-correction.ts";
import { repoSlug, type RepoRef } from "../domain/issue.ts";
import type { Clock } from "../ports/clock.ts";
import type { RecordStore } from "../ports/run-record.ts";

/** The calibration as it holds for a repository. Rejects with RepairError `store-unavailable`. */
export type CalibrationOf = (repo: RepoRef) => Promise<Calibration>;

/** Newest pull requests whose outcomes count: older ones say little of the models of today. */
const counted = 50;

/** Outcomes come in over weeks. */
const keptMs = 10 * 60_000;
const mostKept = 500;

/**
 * Calibrations moved by what became of each repository's own pull requests, read again after ten minutes. One that decides
 * nothing stays as it is, and nothing is read for it.
 */
export function repositoryCalibrations(
  {
    records,
    clock,
  }: { readonly records: Pick<RecordStore, "pullRequests">; readonly clock: Pick<Clock, "now"> },
  fitted: Calibration,
): CalibrationOf {
  const known = new Map<string, { readonly until: number; readonly calibration: Calibration }>();
  return async (repo) => {
    if (fitted.undecided !== null) return fitted;
    const [key, now] = [repoSlug(repo).toLowerCase(), clock.now()];
    const before = known.get(key);
    if (before !== undefined && now < before.until) return before.calibration;
    const pulls = await records.pullRequests(repo, counted);
    const outcomes = pulls.map((pull) => pullRequestOutcome(pull, now)).filter((found) => "right" in found);
    const calibration = correctedFor(repositoryCorrection(outcomes, fitted), fitted);
    if (known.size >= mostKept) known.clear();
    known.set(key, { until: now + keptMs, calibration });
    return calibration;
  };
}
