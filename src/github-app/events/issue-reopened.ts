import { z } from "zod";
import { appEvent, byBot } from "../app-event.ts";
import { aboutIssue, repoOf } from "../payload.ts";

/** Somebody opened an issue again whose run had opened a pull request: the record keeps that it did not do. */
export const issueReopened = appEvent({
  name: "issues.reopened",
  concerns: (payload) => !byBot(payload),
  payload: z.object({ ...aboutIssue, issue: aboutIssue.issue.extend({ updated_at: z.string() }) }),
  handle: async (deps, { issue, repository, sender }) => {
    const repo = repoOf(repository);
    const latest = await deps.runs.latest({ repo, number: issue.number });
    if (latest?.state.at !== "proposed") return;
    const feedback = { what: "issue-reopened", by: sender.login, at: issue.updated_at } as const;
    await deps.recordFeedback({ repo, number: latest.state.pullRequest, feedback });
  },
});
