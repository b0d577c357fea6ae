import { notFound } from "./answer.ts";
import { readCommit } from "./git-commits.ts";
import { GitFailure } from "./git.ts";
import { below, repositoryUrl, type Route, type Site } from "./route.ts";

/** `GET compare/{base}...{head}`: where two commits parted, without the commits and files between them. */
export const comparisonRoute = (site: Site): Route => ({
  method: "GET",
  pattern: below(site, "compare/(.+)\\.\\.\\.(.+)"),
  contents: "read",
  handle: async ({ parts: [from = "", to = ""] }) => {
    const [base, head] = [await site.git.resolve(from, "commit"), await site.git.resolve(to, "commit")];
    if (base === null || head === null) throw notFound();
    const fork = await site.git.line(["merge-base", base, head]).catch((error: unknown) => {
      if (error instanceof GitFailure) throw notFound();
      throw error;
    });
    const behind = Number(await site.git.line(["rev-list", "--count", `${head}..${base}`]));
    const ahead = Number(await site.git.line(["rev-list", "--count", `${base}..${head}`]));
    const status = ahead > 0 ? (behind > 0 ? "diverged" : "ahead") : behind > 0 ? "behind" : "identical";
    return {
      status: 200,
      body: {
        url: `${repositoryUrl(site)}/compare/${from}...${to}`,
        status,
        ahead_by: ahead,
        behind_by: behind,
        total_commits: ahead,
        merge_base_commit: await readCommit(site, fork),
        commits: [],
        files: [],
      },
    };
  },
});
