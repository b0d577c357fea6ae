import { z } from "zod";
import type { IssueComment } from "../../domain/issue-comment.ts";
import type { IssueRef } from "../../domain/issue.ts";
import { ghost } from "../../domain/login.ts";
import type { Call, GitHubClient } from "./github-call.ts";

const Comments = z.array(
  z.object({
    body: z.string().nullish(),
    user: z.object({ login: z.string(), type: z.string() }).nullable(),
    performed_via_github_app: z.unknown().optional(),
    created_at: z.string(),
    updated_at: z.string(),
  }),
);

/** What was said on an issue or a pull request; a deleted account's words are the ghost's. */
export async function issueTalk(
  call: Call,
  client: GitHubClient,
  { repo, number }: IssueRef,
): Promise<readonly IssueComment[]> {
  const target = { owner: repo.owner, repo: repo.name, issue_number: number, per_page: 100 };
  const comments = await call("read the comments", Comments, async () => ({
    data: await client.paginate(client.rest.issues.listComments, target),
  }));
  return comments.map(({ body, user, performed_via_github_app: app, created_at, updated_at }) => ({
    author: user?.login ?? ghost,
    // an App may also write in a person's name
    bot: user?.type === "Bot" || (app ?? null) !== null,
    body: body ?? "",
    createdAt: Date.parse(created_at),
    changedAt: Date.parse(updated_at),
  }));
}
