import { z } from "zod";
import type { RepoRef } from "../../domain/issue.ts";
import type { Call, GitHubClient } from "./github-call.ts";

const Files = z.array(z.object({ filename: z.string(), previous_filename: z.string().optional() }));

export async function changedFiles(
  call: Call,
  client: GitHubClient,
  repo: RepoRef,
  pullRequest: number,
): Promise<readonly string[]> {
  const target = { owner: repo.owner, repo: repo.name, pull_number: pullRequest, per_page: 100 };
  const files = await call("read the pull request's files", Files, async () => ({
    data: await client.paginate(client.rest.pulls.listFiles, target),
  }));
  return files.flatMap(({ filename, previous_filename }) =>
    previous_filename === undefined ? [filename] : [filename, previous_filename],
  );
}
