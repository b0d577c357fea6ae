import { z } from "zod";
import { RepairError } from "../../domain/errors.ts";
import type { RepoRef } from "../../domain/issue.ts";
import type { Call, GitHubClient } from "./github-call.ts";

const Entry = z.object({ path: z.string(), mode: z.string(), type: z.string(), sha: z.string() });
export type BaseEntry = z.infer<typeof Entry>;

const Tree = z.object({ tree: z.array(Entry), truncated: z.boolean().default(false) });

/**
 * Looks entries of a commit's tree up, reading only the folders on the way: a recursive listing of a large repository
 * comes cut off.
 */
export function createBaseTree(
  call: Call,
  client: GitHubClient,
  repo: RepoRef,
  rootSha: string,
): (path: string) => Promise<BaseEntry | null> {
  const folders = new Map<string, Promise<readonly BaseEntry[]>>();

  const list = async (sha: string): Promise<readonly BaseEntry[]> => {
    const target = { owner: repo.owner, repo: repo.name, tree_sha: sha };
    const { tree, truncated } = await call("read a folder of the base commit", Tree, () =>
      client.rest.git.getTree(target),
    );
    if (truncated)
      throw new RepairError("forge-rejected", "A folder of the repository is too large to be listed.");
    return tree;
  };

  return async (path) => {
    let sha = rootSha;
    let found: BaseEntry | null = null;
    for (const name of path.split("/")) {
      if (found !== null && found.type !== "tree") return null;
      const folder = folders.get(sha) ?? list(sha);
      folders.set(sha, folder);
      found = (await folder).find((entry) => entry.path === name) ?? null;
      if (found === null) return null;
      sha = found.sha;
    }
    return found;
  };
}
