import { z } from "zod";
import type { Reaction, ReactionTarget } from "../../ports/forge.ts";
import type { Call, GitHubClient } from "./github-call.ts";
import { statusOf } from "./github-error.ts";

/** GitHub answers with the reaction that is there already, and 404 or 410 when there is nothing to react to any more. */
export async function react(
  call: Call,
  client: GitHubClient,
  target: ReactionTarget,
  content: Reaction,
): Promise<void> {
  const repo = target.kind === "comment" ? target.repo : target.issue.repo;
  const at = { owner: repo.owner, repo: repo.name, content };
  try {
    await call("react", z.unknown(), () =>
      target.kind === "comment"
        ? client.rest.reactions.createForIssueComment({ ...at, comment_id: target.comment })
        : client.rest.reactions.createForIssue({ ...at, issue_number: target.issue.number }),
    );
  } catch (error) {
    const status = statusOf(error);
    if (status !== 404 && status !== 410) throw error;
  }
}
