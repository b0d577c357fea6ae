import { z } from "zod";
import type { FileChange } from "../../domain/edit.ts";
import { RepairError } from "../../domain/errors.ts";
import type { RepoRef } from "../../domain/issue.ts";
import { checkRepoPath } from "../../domain/repo-path.ts";
import type { Proposal } from "../../ports/forge.ts";
import { createBaseTree, type BaseEntry } from "./base-tree.ts";
import type { Call, GitHubClient } from "./github-call.ts";

export const Commit = z.object({
  sha: z.string(),
  message: z.string(),
  author: z.object({ name: z.string() }),
  tree: z.object({ sha: z.string() }),
  parents: z.array(z.object({ sha: z.string() })),
  verification: z.object({ verified: z.boolean() }).optional(),
});
export type Commit = z.infer<typeof Commit>;

const Written = z.object({ sha: z.string() });

const modes = ["100644", "100755", "120000"] as const;
type Mode = (typeof modes)[number];
type Entry = { path: string; mode: Mode; type: "blob" };

/** The entry keeps its mode, so that scripts stay executable. Throws when the change does not fit the base commit. */
function modeOf(change: FileChange, entry: BaseEntry | null): Mode {
  const mode = modes.find((mode) => mode === entry?.mode);
  const fits = change.before === null ? entry === null : mode !== undefined;
  if (!fits) throw new RepairError("forge-rejected", "The patch does not fit the base commit.");
  return mode ?? "100644";
}

export const readCommit = (call: Call, client: GitHubClient, repo: RepoRef, sha: string): Promise<Commit> =>
  call("read a commit", Commit, () =>
    client.rest.git.getCommit({ owner: repo.owner, repo: repo.name, commit_sha: sha }),
  );

/** Writes the changed files on top of the base commit's tree; the same changes always give the same tree. */
export async function writeTree(
  call: Call,
  client: GitHubClient,
  proposal: Pick<Proposal, "base" | "changes"> & { readonly repo: RepoRef },
): Promise<string> {
  const { repo } = proposal;
  const target = { owner: repo.owner, repo: repo.name };
  const base = await readCommit(call, client, repo, proposal.base.sha);
  const entryAt = createBaseTree(call, client, repo, base.tree.sha);
  const tree: (Entry & ({ content: string } | { sha: null }))[] = [];
  for (const change of proposal.changes) {
    const { path, after } = change;
    if (change.before === after) continue;
    const checked = checkRepoPath(path);
    if (!checked.ok) {
      throw new RepairError("forge-rejected", `The patch names a file that is not allowed: ${checked.why}.`);
    }
    const mode = modeOf(change, await entryAt(path));
    // with its text in the tree a file costs no request of its own, and GitHub wants few changes
    const content = after === null ? { sha: null } : { content: after };
    tree.push({ path, mode, type: "blob", ...content });
  }
  if (tree.length === 0) throw new RepairError("forge-rejected", "The patch changes nothing.");
  const written = await call("write the patched tree", Written, () =>
    client.rest.git.createTree({ ...target, base_tree: base.tree.sha, tree }),
  );
  return written.sha;
}

/** Commits without naming an author: only then GitHub signs for the App and shows the commit as verified. */
export const writeCommit = (
  call: Call,
  client: GitHubClient,
  repo: RepoRef,
  commit: { readonly message: string; readonly tree: string; readonly parents: readonly string[] },
): Promise<Commit> =>
  call("write the commit", Commit, () =>
    client.rest.git.createCommit({
      owner: repo.owner,
      repo: repo.name,
      message: commit.message,
      tree: commit.tree,
      parents: [...commit.parents],
    }),
  );
