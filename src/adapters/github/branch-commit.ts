import { z } from "zod";
import { issueKey } from "../../domain/issue.ts";
import type { BranchCommit, CommitOutcome } from "../../ports/pull-requests.ts";
import type { AppIdentity } from "./app-identity.ts";
import type { Call, GitHubClient } from "./github-call.ts";
import { statusOf } from "./github-error.ts";
import { branchHead } from "./proposal-branch.ts";
import { readCommit, writeCommit, writeTree, type Commit } from "./proposal-commit.ts";

/** People may have committed so often since an earlier try. */
const looksBack = 30;

/**
 * Puts one commit on top of a branch that still ends with `onto`. Nothing is ever forced: where somebody was faster, the
 * branch stays theirs. Throws `forge-rejected` where GitHub refuses it for another reason.
 */
export async function addCommit(
  call: Call,
  client: GitHubClient,
  self: AppIdentity,
  wanted: BranchCommit,
): Promise<CommitOutcome> {
  const { issue, branch, onto, changes } = wanted;
  const earlier = await earlierCommit(call, client, self, wanted);
  if (earlier !== null) return committed(earlier);
  if ((await branchHead(call, client, issue.repo, branch)) !== onto) return { kind: "moved" };

  const tree = await writeTree(call, client, {
    repo: issue.repo,
    base: { name: branch, sha: onto },
    changes,
  });
  // with this line a later repair of the issue knows the branch as the bot's
  const message = `${wanted.message.trimEnd()}\nCopatcher-Issue: ${issueKey(issue)}`;
  const commit = await writeCommit(call, client, issue.repo, { message, tree, parents: [onto] });
  const target = { owner: issue.repo.owner, repo: issue.repo.name, ref: `heads/${branch}`, sha: commit.sha };
  try {
    await call("update the branch", z.unknown(), () =>
      client.rest.git.updateRef({ ...target, force: false }),
    );
    return committed(commit);
  } catch (error) {
    if (statusOf(error) !== 422 && statusOf(error) !== 404) throw error;
    const own = await earlierCommit(call, client, self, wanted);
    if (own !== null) return committed(own);
    // where it is as it was, nobody was faster: a rule forbids it
    if ((await branchHead(call, client, issue.repo, branch)) === onto) throw error;
    return { kind: "moved" };
  }
}

const committed = ({ sha, verification }: Commit): CommitOutcome => ({
  kind: "committed",
  sha,
  verified: verification?.verified ?? null,
});

/** The commit of an earlier try, also below what people committed since; null when there was none. */
async function earlierCommit(
  call: Call,
  client: GitHubClient,
  self: AppIdentity,
  { issue, branch, onto, trailer }: BranchCommit,
): Promise<Commit | null> {
  let sha = await branchHead(call, client, issue.repo, branch);
  for (let back = 0; back < looksBack && sha !== null && sha !== onto; back += 1) {
    const commit = await readCommit(call, client, issue.repo, sha);
    const [parent] = commit.parents;
    const own = commit.author.name === self.login && commit.message.split("\n").includes(trailer);
    if (own && parent?.sha === onto) return commit;
    sha = parent?.sha ?? null;
  }
  return null;
}
