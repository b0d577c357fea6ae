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

/** A commit of the bot's for the proposal's issue; null when a person made it. */
export async function ownCommit(
  call: Call,
  client: GitHubClient,
  self: AppIdentity,
  proposal: Proposal,
  sha: string,
): Promise<Commit | null> {
  const commit = await readCommit(call, client, proposal.issue.repo, sha);
  const own = commit.author.name === self.login && commit.message.split("\n").includes(trailer(proposal));
  return own ? commit : null;
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
  const head = await ownCommit(call, client, self, proposal, sha);
  if (head !== null) return head;
  throw new RepairError(
    "forge-rejected",
    `The branch ${proposal.branch} exists and its last commit is not the bot's. Rename or delete it.`,
  );
}

/**
 * Puts the commit on top of `old`, which has to be the branch's head still; false when it is not. Throws `forge-rejected`
 * where GitHub refuses it for another reason.
 */
async function pointBranch(
  call: Call,
  client: GitHubClient,
  proposal: Proposal,
  sha: string,
  old: Commit | null,
): Promise<boolean> {
  const { repo } = proposal.issue;
  const target = { owner: repo.owner, repo: repo.name, sha };
  const ref = `heads/${proposal.branch}`;
  try {
    await (old === null
      ? call("create the branch", Ref, () => client.rest.git.createRef({ ...target, ref: `refs/${ref}` }))
      : call("update the branch", Ref, () => client.rest.git.updateRef({ ...target, ref, force: false })));
    return true;
  } catch (error) {
    if (statusOf(error) !== 422) throw error;
    const now = await branchHead(call, client, repo, proposal.branch);
    // where it is as it was, nobody was faster: a rule forbids it, or another branch's name is in the way
    if (now === (old?.sha ?? null)) throw error;
    return now === sha;
  }
}

/** The pinned base is always among the ancestors, so that the pull request shows the patch and nothing else. */
function parentsOf(proposal: Proposal, old: Commit | null): readonly string[] {
  const base = proposal.base.sha;
  if (old === null) return [base];
  return old.parents.some(({ sha }) => sha === base) ? [old.sha] : [old.sha, base];
}

/** How often another writer may be faster. */
const tries = 3;

/**
 * Makes the proposal's branch end with a commit of the base with the patch; one that does already is left alone. An
 * earlier commit of the bot stays below it: nothing is ever forced, so neither a person's push nor a newer run's commit
 * that arrives in this moment can be lost.
 */
export async function putBranch(
  call: Call,
  client: GitHubClient,
  self: AppIdentity,
  proposal: Proposal,
): Promise<{ readonly head: Commit; readonly moved: boolean }> {
  const message = messageOf(proposal);
  let old = await ownHead(call, client, self, proposal);
  const tree = await writeTree(call, client, { ...proposal, repo: proposal.issue.repo });
  for (let tried = 0; tried < tries; tried++) {
    if (old?.tree.sha === tree && old.message.trimEnd() === message) return { head: old, moved: false };
    const parents = parentsOf(proposal, old);
    const head = await writeCommit(call, client, proposal.issue.repo, { message, tree, parents });
    if (await pointBranch(call, client, proposal, head.sha, old)) return { head, moved: true };
    old = await ownHead(call, client, self, proposal);
  }
  throw new RepairError("forge-unavailable", `The branch ${proposal.branch} keeps changing.`);
}
