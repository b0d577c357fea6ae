import type { RecordEvent } from "../record/event.ts";
import type { PullRequestFeedback } from "../record/feedback.ts";
import type { Outcome } from "./repository-correction.ts";
import { selectionSignals } from "./selection-signals.ts";

/** All kinds of events that its outcome is told by. */
export const outcomeKinds = ["candidate", "rejection", "selection", "pull-request-feedback"] as const;

/** A pull request with the records of all its runs, in the order in which they were written. */
export type RecordedPullRequest = {
  readonly number: number;
  readonly events: readonly RecordEvent[];
};

/** What became of it, or why that is not known. */
export type FoundOutcome = Outcome | { readonly unknown: string };

/** A merged patch may still be taken back for so long. */
const settledAfterDays = 14;
const day = 24 * 60 * 60 * 1000;

/**
 * Right is a patch that was merged with the head with which it was opened, two weeks ago at least, and neither taken back
 * by a later one nor its issue opened again. Everything else that ended is not: also what was closed for another reason, or
 * merged after the branch was only brought up to date. The record does not tell these apart, and so the error is on the
 * careful side. Of reverts the record knows those that GitHub's own button makes.
 */
export function pullRequestOutcome(
  { events }: Pick<RecordedPullRequest, "events">,
  now: number,
): FoundOutcome {
  const signals = selectionSignals(events);
  if (signals === null) return { unknown: "its run's record holds no choice" };
  const history = events
    .flatMap((event) => (event.kind === "pull-request-feedback" ? [event.feedback] : []))
    .toSorted((a, b) => timeOf(a) - timeOf(b));
  const end = history.findLast(({ what }) => ["opened", "reopened", "closed", "merged"].includes(what));
  if (end === undefined) return { unknown: "nothing was heard of it" };
  if (end.what === "closed") return { signals, right: false };
  if (end.what !== "merged") return { unknown: "it is open" };
  const takenBack = history
    .slice(history.indexOf(end))
    .some(({ what }) => what === "issue-reopened" || what === "reverted");
  if (takenBack || !wasMergedAsOpened(history, end.headSha)) return { signals, right: false };
  return now - timeOf(end) < settledAfterDays * day
    ? { unknown: `it was merged less than ${settledAfterDays} days ago` }
    : { signals, right: true };
}

function wasMergedAsOpened(history: readonly PullRequestFeedback[], head: string): boolean {
  const opened = history.find((one) => one.what === "opened");
  return opened === undefined ? history.every(({ what }) => what !== "pushed") : opened.headSha === head;
}

const timeOf = ({ at }: PullRequestFeedback): number => Date.parse(at);
