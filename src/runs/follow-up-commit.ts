import type { FileChange } from "../domain/edit.ts";
import type { RepairRun } from "../domain/run.ts";
import type { Forge } from "../ports/forge.ts";
import type { Logger } from "../ports/logger.ts";
import type { CommitOutcome } from "../ports/pull-requests.ts";
import type { Proposed } from "../report/pull-request.ts";
import type { PinnedPullRequest } from "./pull-request-sides.ts";
import { showValidation } from "./validation-check.ts";

/** A pull request of ours that a run follows up. */
export type FollowedUp = {
  readonly run: RepairRun;
  /** The run that opened it. */
  readonly original: RepairRun;
  readonly pull: PinnedPullRequest;
};

/** One more commit for it, with the evidence for the head that it makes. */
export type FollowUpCommit = {
  readonly message: string;
  /** A line of the message, by which the commit is found again. */
  readonly trailer: string;
  readonly edit: readonly FileChange[];
  /** What stands at the top of the pull request's text; it gets the commit's sha. */
  readonly section: (sha: string) => string;
  readonly result: Proposed;
  /** What the check says besides. */
  readonly remark: string;
};

/** Where the newest evidence stands in a pull request's text. */
const sectionMarker = "<!-- copatcher:revision -->";

/**
 * Adds the commit where the branch still ends with the head that the run worked on, then shows its evidence in the pull
 * request's text and beside the commit. May run again after every step: what is there already stays as it is.
 */
export async function addFollowUp(
  tools: { readonly logger: Logger },
  forge: Forge,
  { run, original, pull }: FollowedUp,
  commit: FollowUpCommit,
): Promise<CommitOutcome> {
  const { message, trailer, edit, section, result, remark } = commit;
  const { pullRequests } = forge;
  const outcome = await pullRequests.addCommit({
    issue: original.issue.ref,
    branch: pull.branch,
    onto: pull.headSha,
    trailer,
    message,
    changes: edit,
  });
  if (outcome.kind === "moved") return outcome;
  const { sha } = outcome;
  await pullRequests.putSection(run.issue.ref, sectionMarker, section(sha));
  // the buttons beside it are about the original run, as those beside its own commit
  const about = { id: original.id, issue: run.issue };
  await showValidation(tools, forge, { run: about, result, headSha: sha, remark });
  return outcome;
}
