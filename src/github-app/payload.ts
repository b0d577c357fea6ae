import { z } from "zod";
import type { Issue } from "../domain/issue.ts";

const common = {
  installation: z.object({ id: z.int() }),
  repository: z.object({ name: z.string(), owner: z.object({ login: z.string() }) }),
  sender: z.object({ login: z.string(), type: z.string() }),
  issue: z.object({
    number: z.int().positive(),
    title: z.string(),
    body: z.string().nullish(),
    state: z.string().optional(),
    user: z.object({ login: z.string() }).nullish(),
    pull_request: z.unknown().optional(),
  }),
};

/** The fields we use of `issues.labeled`; everything else of the payload is ignored. */
export const IssueLabeled = z.object({
  action: z.literal("labeled"),
  label: z.object({ name: z.string() }),
  ...common,
});
export type IssueLabeled = z.infer<typeof IssueLabeled>;

/** The fields we use of `issue_comment.created`. */
export const CommentCreated = z.object({
  action: z.literal("created"),
  comment: z.object({ id: z.int(), body: z.string() }),
  ...common,
});
export type CommentCreated = z.infer<typeof CommentCreated>;

/** The issue as it stands in the event. */
export function issueOf(payload: IssueLabeled | CommentCreated): Issue {
  const { issue, repository } = payload;
  return {
    ref: { repo: { owner: repository.owner.login, name: repository.name }, number: issue.number },
    title: issue.title,
    body: issue.body ?? "",
    author: issue.user?.login ?? "ghost",
  };
}
