import type { components } from "@octokit/openapi-types";
import type { Git } from "./git.ts";
import { repositoryUrl, type Site } from "./route.ts";

export type TreeLine = {
  readonly mode: string;
  readonly type: "blob" | "tree" | "commit";
  readonly sha: string;
  readonly size: number | null;
  readonly path: string;
};

const linePattern = /^(\d+) (blob|tree|commit) ([0-9a-f]+) +(-|\d+)\t(.*)$/s;

/** Entries of a tree; `path` narrows to that one entry. */
export async function listTree(
  git: Git,
  tree: string,
  options: { recursive?: boolean; path?: string } = {},
): Promise<readonly TreeLine[]> {
  const recursive = options.recursive === true ? ["-r", "-t"] : [];
  const path = options.path === undefined ? [] : ["--", options.path];
  const output = await git.line(["ls-tree", "-z", "-l", ...recursive, tree, ...path]);
  return output.split("\0").flatMap((line): TreeLine[] => {
    const [, mode, type, sha, size, name] = linePattern.exec(line) ?? [];
    if (mode === undefined || sha === undefined || name === undefined) return [];
    if (type !== "blob" && type !== "tree" && type !== "commit") return [];
    return [{ mode, type, sha, size: size === "-" ? null : Number(size), path: name }];
  });
}

/** A tree as `GET git/trees/{sha}` answers it. */
export async function readTree(
  site: Site,
  sha: string,
  recursive: boolean,
): Promise<components["schemas"]["git-tree"]> {
  const lines = await listTree(site.git, sha, { recursive });
  const base = repositoryUrl(site);
  return {
    sha,
    url: `${base}/git/trees/${sha}`,
    truncated: false,
    tree: lines.map((line) => ({
      path: line.path,
      mode: line.mode,
      type: line.type,
      sha: line.sha,
      ...(line.size === null ? {} : { size: line.size }),
      url: `${base}/git/${line.type}s/${line.sha}`,
    })),
  };
}
