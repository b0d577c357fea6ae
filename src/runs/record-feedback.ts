import { canonicalJson } from "../domain/canonical-json.ts";
import type { RepoRef } from "../domain/issue.ts";
import { eventId, type RecordEvent } from "../domain/record/event.ts";
import type { PullRequestFeedback } from "../domain/record/feedback.ts";
import type { Clock } from "../ports/clock.ts";
import type { RecordStore } from "../ports/run-record.ts";
import { scrubbed } from "./scrubbed.ts";

export type FeedbackDependencies = {
  readonly records: RecordStore;
  /** What no record may hold, besides whatever has the shape of a credential. */
  readonly secrets: readonly string[];
  readonly clock: Clock;
};

/** Something that people did with a pull request. */
export type FeedbackAsk = {
  readonly repo: RepoRef;
  readonly number: number;
  readonly feedback: PullRequestFeedback;
};

/**
 * Keeps it with the record of the run that opened the pull request; false when none of the bot's did. The same feedback
 * told twice is kept once. Unlike the rest of the record it comes only once, so whoever tells it must try again when
 * this throws (RepairError `store-unavailable`).
 */
export async function recordFeedback(deps: FeedbackDependencies, ask: FeedbackAsk): Promise<boolean> {
  const { records, secrets, clock } = deps;
  const { repo, number: pullRequest, feedback } = ask;
  const runId = await records.runOfPullRequest(repo, pullRequest);
  if (runId === null) return false;
  const event: RecordEvent = { kind: "pull-request-feedback", pullRequest, feedback };
  const id = eventId(runId, event.kind, canonicalJson([pullRequest, feedback]));
  const entry = { id, time: clock.now(), event: scrubbed(event, secrets), blobs: [], texts: [] };
  await records.append(runId, [entry]);
  return true;
}
