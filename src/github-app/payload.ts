import { z } from "zod";
import type { Issue, RepoRef } from "../domain/issue.ts";
import { ghost } from "../domain/login.ts";

export const Installation = z.object({ id: z.int() });
export const Repository = z.object({ name: z.string(), owner: z.object({ login: z.string() }) });
export const Sender = z.object({ login: z.string(), type: z.string() });

export const IssueInPayload = z.object({
  number: z.int().positive(),
  title: z.string(),
  body: z.string().nullish(),
  user: z.object({ login: z.string() }).nullish(),
  updated_at: z.string().optional(),
  pull_request: z.unknown().optional(),
});

/** What every delivery about an issue has; everything else of the payload is ignored. */
export const aboutIssue = {
  installation: Installation,
  repository: Repository,
  sender: Sender,
  issue: IssueInPayload,
};

export const repoOf = (repository: z.infer<typeof Repository>): RepoRef => ({
  owner: repository.owner.login,
  name: repository.name,
});

/** The issue as it stands in the event. */
export function issueOf(payload: {
  readonly issue: z.infer<typeof IssueInPayload>;
  readonly repository: z.infer<typeof Repository>;
}): Issue {
  const { issue, repository } = payload;
  return {
    ref: { repo: repoOf(repository), number: issue.number },
    title: issue.title,
    body: issue.body ?? "",
    author: issue.user?.login ?? ghost,
  };
}
