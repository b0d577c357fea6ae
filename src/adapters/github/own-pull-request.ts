import { z } from "zod";
import { RepairError } from "../../domain/errors.ts";
import type { RepoRef } from "../../domain/issue.ts";
import type { OwnPullRequest } from "../../ports/forge.ts";
import type { AppIdentity } from "./app-identity.ts";
import { bodyWithMarker } from "./body-text.ts";
import type { Call, GitHubClient } from "./github-call.ts";
import { branchHead } from "./proposal-branch.ts";
import { readCommit, writeCommit, writeTree } from "./proposal-commit.ts";

const About = z.object({
  default_branch: z.string(),
  archived: z.boolean().default(false),
  fork: z.boolean().default(false),
});
const Listed = z.object({
  number: z.number(),
  body: z.string().nullish(),
  user: z.object({ login: z.string() }).nullable(),
});
const Made = z.object({ number: z.number() });
const Ref = z.object({ object: z.object({ sha: z.string() }) });

type Asked = { readonly call: Call; readonly client: GitHubClient; readonly self: AppIdentity };

/**
 * Opens the pull request unless there ever was one, open or closed: from its branch, or with its marker, whatever else
 * people made of it. One that a dead process had begun is finished.
 */
export async function proposeOnce(asked: Asked, repo: RepoRef, own: OwnPullRequest): Promise<number | null> {
  const { call, client } = asked;
  const place = { owner: repo.owner, repo: repo.name };
  const about = await call("read the repository", About, () => client.rest.repos.get(place));
  if (about.archived || about.fork) return null;
  const base = await branchHead(call, client, repo, about.default_branch);
  if (base === null) return null;
  const look = () => earlier(asked, repo, own);
  if ((await look()) !== null) return null;
  await putBranch(asked, repo, own, { name: about.default_branch, sha: base });
  return call.findOrMake(look, async () => {
    const wanted = { title: own.title, body: bodyWithMarker(own.marker, own.body) };
    const { number } = await call.once("open a pull request", Made, () =>
      client.rest.pulls.create({ ...place, head: own.branch, base: about.default_branch, ...wanted }),
    );
    return number;
  });
}

async function earlier({ call, client, self }: Asked, repo: RepoRef, own: OwnPullRequest) {
  const place = { owner: repo.owner, repo: repo.name, state: "all", per_page: 100 } as const;
  const pulls = await call("look for an earlier pull request", z.array(Listed), () =>
    client.rest.pulls.list({ ...place, head: `${repo.owner}:${own.branch}` }),
  );
  const ofBranch = pulls.find(({ user }) => user?.login === self.login);
  if (ofBranch !== undefined) return ofBranch.number;
  // pull requests are issues, too
  const issues = await call("look for an earlier pull request", z.array(Listed), async () => ({
    data: await client.paginate(client.rest.issues.listForRepo, { ...place, creator: self.login }),
  }));
  const marked = issues.find(
    ({ user, body }) => user?.login === self.login && (body ?? "").startsWith(own.marker),
  );
  return marked?.number ?? null;
}

/** The branch with its one commit; what somebody else put there stays. */
async function putBranch(
  { call, client, self }: Asked,
  repo: RepoRef,
  { branch, commitMessage: message, changes }: OwnPullRequest,
  base: { readonly name: string; readonly sha: string },
): Promise<void> {
  const there = await branchHead(call, client, repo, branch);
  if (there !== null) {
    const head = await readCommit(call, client, repo, there);
    if (head.author.name === self.login) return;
    throw new RepairError(
      "forge-rejected",
      `The branch ${branch} exists, and its last commit is not the bot's.`,
    );
  }
  const tree = await writeTree(call, client, { repo, base, changes });
  const { sha } = await writeCommit(call, client, repo, { message, tree, parents: [base.sha] });
  const target = { owner: repo.owner, repo: repo.name, ref: `refs/heads/${branch}`, sha };
  await call.findOrMake(
    () => branchHead(call, client, repo, branch),
    async () =>
      (await call.once("create the branch", Ref, () => client.rest.git.createRef(target))).object.sha,
  );
}
