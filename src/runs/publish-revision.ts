import type { RepairRun } from "../domain/run.ts";
import type { Revision } from "../pipeline/revise.ts";
import type { Forge } from "../ports/forge.ts";
import type { Logger } from "../ports/logger.ts";
import { movedText } from "../report/follow-up.ts";
import {
  nothingBetterText,
  revisedText,
  revisionCommit,
  revisionSection,
  threadAnswer,
} from "../report/revision.ts";
import { addFollowUp, type FollowedUp } from "./follow-up-commit.ts";
import type { PinnedThreads } from "./review-threads.ts";

export type RevisionToPublish = FollowedUp & {
  readonly forge: Forge;
  readonly pinned: PinnedThreads;
  readonly revision: Revision;
  /** The settings' patterns of files that a reviewer should look at twice. */
  readonly sensitive: readonly string[];
  readonly seconds: number;
};

const replyMarker = ({ id }: RepairRun): string =>
  `<!-- copatcher:reply:run=${id.replaceAll(/[^\w.-]/g, "")} -->`;

/**
 * Shows a revision: the commit, an answer to each thread, the evidence in the pull request's text; returns the last word.
 * May run again after every step: what is there already stays as it is. Threads are resolved by people only.
 */
export async function publishRevision(
  tools: { readonly logger: Logger },
  publication: RevisionToPublish,
): Promise<string> {
  const { forge, run, original, pull, pinned, revision, sensitive, seconds } = publication;
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
  const outcome = await addFollowUp(tools, forge, publication, {
    ...revisionCommit(run, original, revision),
    edit: revision.edit,
    section: (sha) => revisionSection(revision, sha, sensitive),
    result: revision.result,
    remark: "After a revision, which answers the review of the pull request.",
  });
  if (outcome.kind === "moved") return movedText(run, pull.headSha, "revise");
  await answerAll(outcome.sha);
  const { leftOut, threads } = pinned;
  return revisedText(run, revision, { ...outcome, leftOut, threads: threads.length, seconds });
}
