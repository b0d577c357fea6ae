import type { Proposal, PullRequest } from "../../ports/forge.ts";
import type { Logger } from "../../ports/logger.ts";
import type { AppIdentity } from "./app-identity.ts";
import { convertToDraft } from "./convert-to-draft.ts";
import type { Call, GitHubClient } from "./github-call.ts";
import { ownCommit, putBranch } from "./proposal-branch.ts";
import type { Commit } from "./proposal-commit.ts";
import { putPullRequest } from "./proposal-pull-request.ts";
import { ofThisRun, openOne, pullsOf, type Pull } from "./proposal-pulls.ts";

type Asked = {
  readonly call: Call;
  readonly client: GitHubClient;
  readonly self: AppIdentity;
  readonly logger: Logger;
};

/** Brings the branch and its one pull request up to date, or makes them; what the run has shown before stays as it is. */
export async function propose(asked: Asked, proposal: Proposal): Promise<PullRequest> {
  const { call, client, self, logger } = asked;
  const pulls = await pullsOf(call, client, proposal);
  const shown = ofThisRun(pulls, self, proposal);
  if (shown !== undefined) {
    return answerOf(shown, await ownCommit(call, client, self, proposal, shown.head.sha));
  }
  // one that may not be changed is refused before its branch is
  const open = openOne(pulls, self, proposal);
  // nobody should merge the new patch because the last one was sure
  if (open !== undefined && proposal.draft && !open.draft) await convertToDraft(asked, open);
  const branch = await putBranch(call, client, self, proposal);
  const pull = await putPullRequest({ call, client, logger }, self, proposal, branch);
  const commit = branch.head;
  const verified = commit.verification?.verified ?? null;
  if (verified !== true) logger.warn({ verified, sha: commit.sha }, "the commit is not shown as verified");
  return answerOf(pull, commit);
}

const answerOf = (pull: Pull, commit: Commit | null): PullRequest => ({
  number: pull.number,
  url: pull.html_url,
  draft: pull.draft,
  title: pull.title,
  head: pull.head.ref,
  headSha: commit?.sha ?? null,
  base: pull.base.ref,
  bodyLength: (pull.body ?? "").length,
  verified: commit?.verification?.verified ?? null,
});
