import { z } from "zod";
import { RepairError } from "../../domain/errors.ts";
import type { IssueRef } from "../../domain/issue.ts";
import type { Invitation } from "../../ports/pull-requests.ts";
import type { Call, GitHubClient } from "./github-call.ts";

/** One by one: GitHub refuses a whole list for one name in it. It makes labels that the repository does not have. */
export async function invite(
  call: Call,
  client: GitHubClient,
  { repo, number }: IssueRef,
  { reviewers, labels }: Invitation,
): Promise<Invitation> {
  const target = { owner: repo.owner, repo: repo.name };
  const ask = (reviewer: string) =>
    call("ask for a review", z.unknown(), () =>
      client.rest.pulls.requestReviewers({ ...target, pull_number: number, reviewers: [reviewer] }),
    );
  const put = (label: string) =>
    call("label the pull request", z.unknown(), () =>
      client.rest.issues.addLabels({ ...target, issue_number: number, labels: [label] }),
    );
  return { reviewers: await refusedOf(reviewers, ask), labels: await refusedOf(labels, put) };
}

async function refusedOf(
  names: readonly string[],
  send: (name: string) => Promise<unknown>,
): Promise<readonly string[]> {
  const refused: string[] = [];
  for (const name of names) {
    try {
      await send(name);
    } catch (error) {
      if (!(error instanceof RepairError) || error.code !== "forge-rejected") throw error;
      refused.push(name);
    }
  }
  return refused;
}
