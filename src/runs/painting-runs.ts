import type { RepairRun } from "../domain/run.ts";
import type { RecordStore } from "../ports/run-record.ts";
import type { RunReader, RunStore } from "../ports/run-store.ts";

/** Of so many runs the newest's issues are painted again by a sweep. */
const repainted = 30;

/** A store that tells `paint` of every run whose state it changes. */
export function paintingRuns(
  runs: RunStore,
  records: Pick<RecordStore, "runOfPullRequest">,
  paint: (run: RepairRun) => void,
): RunStore {
  const tell = async (id: string): Promise<void> => {
    // what was done stays done: a run that this version cannot read costs a label
    const run = await runs.run(id).catch(() => null);
    if (run !== null) paint(run);
  };
  return {
    ...runs,
    async request(request, policy) {
      const outcome = await runs.request(request, policy);
      if (outcome.kind === "created") paint(outcome.run);
      return outcome;
    },
    async claim(owner, limits) {
      const claim = await runs.claim(owner, limits);
      if (claim !== null) paint(claim.run);
      return claim;
    },
    async advance(claim, event, tokens) {
      const run = await runs.advance(claim, event, tokens);
      // within a run only its comment changes
      if (event.kind !== "entered") paint(run);
      return run;
    },
    async release(claim) {
      await runs.release(claim);
      paint(claim.run);
    },
    async requestCancel(id, by) {
      const given = await runs.requestCancel(id, by);
      if (given === "cancelled") await tell(id);
      return given;
    },
    async requestStop(id, by) {
      const given = await runs.requestStop(id, by);
      if (given === "cancelled") await tell(id);
      return given;
    },
    async notePullRequest(repo, number, open, at) {
      await runs.notePullRequest(repo, number, open, at);
      const id = await records.runOfPullRequest(repo, number);
      if (id !== null) await tell(id);
    },
  };
}

/** Paints the issues of the newest runs again: a label that could not be painted, or that somebody took off, comes back. */
export async function repaintLabels(
  runs: Pick<RunReader, "recent">,
  paint: (run: RepairRun) => void,
): Promise<void> {
  for (const run of await runs.recent(repainted)) paint(run);
}
