import type { RepairRun } from "../domain/run.ts";
import type { Revision } from "../pipeline/revise.ts";
import type { Forge } from "../ports/forge.ts";
import {
  movedText,
  nothingBetterText,
  revisedText,
  revisionCommit,
  revisionSection,
  threadAnswer,
} from "../report/revision.ts";
import type { PinnedPullRequest } from "./pull-request-sides.ts";
import type { PinnedThreads } from "./review-threads.ts";

export type RevisionToPublish = {
  readonly forge: Forge;
  readonly run: RepairRun;
  /** The run that opened the pull request. */
  readonly original: RepairRun;
  readonly pull: PinnedPullRequest;
  readonly pinned: PinnedThreads;
  readonly revision: Revision;
  readonly seconds: number;
};

/** Where the evidence of the newest revision stands in a pull request's text. */
const sectionMarker = "<!-- copatcher:revision -->";

const replyMarker = ({ id }: RepairRun): string =>
  `<!-- copatcher:reply:run=${id.replaceAll(/[^\w.-]/g, "")} -->`;

/**
 * Shows a revision: the commit, an answer to each thread, the evidence in the pull request's text; returns the last word.
 * May run again after every step: what is there already stays as it is. Threads are resolved by people only.
 */
export async function publishRevision(publication: RevisionToPublish): Promise<string> {
  const { forge, run, original, pull, pinned, revision, seconds } = publication;
  const { pullRequests } = forge;
  const { ref } = run.issue;
  const answerAll = async (sha: string | null): Promise<void> => {
    for (const thread of pinned.threads) {
      const answer = threadAnswer(revision, thread.path, sha);
      await pullRequests.reply(ref, thread.first, replyMarker(run), answer);
    }
  };
  if (revision.kind === "nothing-better") {
    await answerAll(null);
    return nothingBetterText(run, revision, { leftOut: pinned.leftOut, seconds });
  }
  const { message, trailer } = revisionCommit({ run, original, revision });
  const outcome = await pullRequests.addCommit({
    issue: original.issue.ref,
    branch: pull.branch,
    onto: pull.headSha,
    trailer,
    message,
    changes: revision.edit,
  });
  if (outcome.kind === "moved") return movedText(run, pull.headSha);
  await answerAll(outcome.sha);
  await pullRequests.putSection(ref, sectionMarker, revisionSection(revision, outcome.sha));
  const { leftOut, threads } = pinned;
  return revisedText(run, revision, { ...outcome, leftOut, threads: threads.length, seconds });
}
