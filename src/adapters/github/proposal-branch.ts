import { z } from "zod";
import { RepairError } from "../../domain/errors.ts";
import { issueKey, type RepoRef } from "../../domain/issue.ts";
import type { Proposal } from "../../ports/forge.ts";
import type { AppIdentity } from "./app-identity.ts";
import { statusOf } from "./github-error.ts";
import type { Call, GitHubClient } from "./github-call.ts";
import { readCommit, writeCommit, writeTree, type Commit } from "./proposal-commit.ts";

const Ref = z.object({ object: z.object({ sha: z.string() }) });

/** The commit that a branch points to; null when the branch, or any history, is missing. */
export async function branchHead(
  call: Call,
  client: GitHubClient,
  repo: RepoRef,
  branch: string,
): Promise<string | null> {
  const target = { owner: repo.owner, repo: repo.name, ref: `heads/${branch}` };
  try {
    const ref = await call("read a branch", Ref, () => client.rest.git.getRef(target));
    return ref.object.sha;
  } catch (error) {
    // 409 is GitHub's answer for a repository without commits.
    if (statusOf(error) === 404 || statusOf(error) === 409) return null;
    throw error;
  }
}

const trailer = (proposal: Proposal): string => `Copatcher-Issue: ${issueKey(proposal.issue)}`;

function messageOf(proposal: Proposal): string {
  const message = proposal.commitMessage.trimEnd();
  const endsWithTrailer = /\n\n(?:.+\n)*[A-Za-z-]+: .+$/.test(message);
  return `${message}${endsWithTrailer ? "\n" : "\n\n"}${trailer(proposal)}`;
}

/** The branch's head if we may replace it; throws when somebody else committed there. */
async function ownHead(
  call: Call,
  client: GitHubClient,
  self: AppIdentity,
  proposal: Proposal,
): Promise<Commit | null> {
  const { repo } = proposal.issue;
  const sha = await branchHead(call, client, repo, proposal.branch);
  if (sha === null) return null;
  const head = await readCommit(call, client, repo, sha);
  if (head.author.name === self.login && head.message.split("\n").includes(trailer(proposal))) return head;
  throw new RepairError(
    "forge-rejected",
    `The branch ${proposal.branch} exists and its last commit is not the bot's. Rename or delete it.`,
  );
}

async function pointBranch(
  call: Call,
  client: GitHubClient,
  proposal: Proposal,
  sha: string,
  old: Commit | null,
): Promise<void> {
  const { repo } = proposal.issue;
  const target = { owner: repo.owner, repo: repo.name, sha };
  const ref = `heads/${proposal.branch}`;
  await (old === null
    ? call("create the branch", Ref, () => client.rest.git.createRef({ ...target, ref: `refs/${ref}` }))
    : call("update the branch", Ref, () => client.rest.git.updateRef({ ...target, ref, force: true })));
}

/** Makes the proposal's branch hold exactly one commit on the base; a branch that does already is left alone. */
export async function putBranch(
  call: Call,
  client: GitHubClient,
  self: AppIdentity,
  proposal: Proposal,
): Promise<Commit> {
  const old = await ownHead(call, client, self, proposal);
  const message = messageOf(proposal);
  const tree = await writeTree(call, client, proposal);
  const parent = proposal.base.sha;
  const same = old?.tree.sha === tree && old.parents[0]?.sha === parent && old.message.trimEnd() === message;
  if (same) return old;
  const commit = await writeCommit(call, client, proposal.issue.repo, { message, tree, parent });
  await pointBranch(call, client, proposal, commit.sha, old);
  return commit;
}
