import type { components } from "@octokit/openapi-types";
import { z } from "zod";
import { GitHubRefusal, notFound } from "./answer.ts";
import { parseBody } from "./git-objects.ts";
import { below, repositoryUrl, type Route, type Site } from "./route.ts";

type GitCommit = components["schemas"]["git-commit"];

const Person = z.object({ name: z.string(), email: z.string(), date: z.string().optional() });

const CommitInput = z.object({
  message: z.string(),
  tree: z.string(),
  parents: z.array(z.string()).default([]),
  author: Person.optional(),
  committer: Person.optional(),
});

/** GitHub signs what Apps commit without naming an author, and commits it under this name. */
const webFlow = { name: "GitHub", email: "noreply@github.com" };

async function createCommit(site: Site, input: z.infer<typeof CommitInput>): Promise<string> {
  if ((await site.git.resolve(input.tree, "tree")) !== input.tree) {
    throw new GitHubRefusal(422, "Tree SHA does not exist");
  }
  for (const parent of input.parents) {
    if ((await site.git.resolve(parent, "commit")) !== parent) {
      throw new GitHubRefusal(422, "Parent SHA does not exist or is not a commit object");
    }
  }
  const bot = `${site.appSlug}[bot]`;
  const author: z.infer<typeof Person> = input.author ?? {
    name: bot,
    email: `${site.appId}+${bot}@users.noreply.github.com`,
  };
  const committer: z.infer<typeof Person> = input.committer ?? input.author ?? webFlow;
  const now = new Date().toISOString();
  const parents = input.parents.flatMap((parent) => ["-p", parent]);
  return site.git.line(["commit-tree", input.tree, ...parents, "-F", "-"], {
    stdin: input.message,
    env: {
      GIT_AUTHOR_NAME: author.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_AUTHOR_DATE: author.date ?? now,
      GIT_COMMITTER_NAME: committer.name,
      GIT_COMMITTER_EMAIL: committer.email,
      GIT_COMMITTER_DATE: committer.date ?? now,
    },
  });
}

/** A commit as `GET git/commits/{sha}` answers it; verified when GitHub itself was the committer. */
export async function readCommit(site: Site, sha: string): Promise<GitCommit> {
  const format = "--format=%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B";
  const shown = await site.git.line(["log", "-1", "--no-show-signature", format, sha]);
  const [tree = "", parents = "", an = "", ae = "", ad = "", cn = "", ce = "", cd = "", ...rest] =
    shown.split("\0");
  const base = repositoryUrl(site);
  const page = `${site.url}/${site.owner}/${site.name}/commit`;
  const utc = (date: string): string => `${new Date(date).toISOString().slice(0, 19)}Z`;
  const verified = cn === webFlow.name && ce === webFlow.email;
  return {
    sha,
    node_id: `C_${sha}`,
    url: `${base}/git/commits/${sha}`,
    html_url: `${page}/${sha}`,
    author: { name: an, email: ae, date: utc(ad) },
    committer: { name: cn, email: ce, date: utc(cd) },
    message: rest.join("\0").replace(/\n+$/, ""),
    tree: { sha: tree, url: `${base}/git/trees/${tree}` },
    parents: parents
      .split(" ")
      .filter((parent) => parent !== "")
      .map((parent) => ({
        sha: parent,
        url: `${base}/git/commits/${parent}`,
        html_url: `${page}/${parent}`,
      })),
    verification: {
      verified,
      reason: verified ? "valid" : "unsigned",
      signature: null,
      payload: null,
      verified_at: verified ? utc(cd) : null,
    },
  };
}

/** Commits, as real objects of the bare repository. */
export const commitRoutes = (site: Site): readonly Route[] => [
  {
    method: "POST",
    pattern: below(site, "git/commits"),
    contents: "write",
    handle: async ({ json }) => {
      const sha = await createCommit(site, parseBody(CommitInput, json()));
      return { status: 201, body: await readCommit(site, sha) };
    },
  },
  {
    method: "GET",
    pattern: below(site, "git/commits/([^/]+)"),
    contents: "read",
    handle: async ({ parts: [sha = ""] }) => {
      if ((await site.git.resolve(sha, "commit")) !== sha) throw notFound();
      return { status: 200, body: await readCommit(site, sha) };
    },
  },
];
