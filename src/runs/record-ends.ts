import { sha256 } from "../domain/canonical-json.ts";
import type { BotFacts } from "../domain/record/run-events.ts";
import { repoSlug } from "../domain/issue.ts";
import type { RepairRun } from "../domain/run.ts";
import type { RunRecord } from "../ports/run-record.ts";
import type { RunStore } from "../ports/run-store.ts";

/** What a run is about, when it is begun. */
export const recordRun = (record: RunRecord, run: RepairRun, bot: BotFacts): Promise<void> =>
  record.note(`${bot.version}/${bot.configHash}`, () => ({
    kind: "run",
    repository: repoSlug(run.issue.ref.repo),
    issue: run.issue.ref.number,
    issueHash: sha256(`${run.issue.title}\n\n${run.issue.body}`),
    what: run.kind,
    attempt: run.attempt,
    installation: run.installation,
    trigger: run.trigger,
    bot,
  }));

/** A run store whose last word on a run comes after the run's record is complete. */
export const recordingEnds = <T extends Pick<RunStore, "advance">>(runs: T, record: RunRecord): T => ({
  ...runs,
  async advance(claim, event, tokens) {
    if (event.kind === "ended") {
      const { state } = event;
      await record.note(JSON.stringify(state), () => ({ kind: "ended", state, tokens: tokens ?? null }));
      await record.flush();
    }
    return runs.advance(claim, event, tokens);
  },
});
