import { z } from "zod";
import { claimsIssue } from "../../domain/claims-issue.ts";
import type { IssueRef } from "../../domain/issue.ts";
import type { AppIdentity } from "./app-identity.ts";
import type { Call, GitHubClient } from "./github-call.ts";

const Pulls = z.array(
  z.object({
    number: z.int(),
    title: z.string(),
    body: z.string().nullable(),
    user: z.object({ login: z.string() }).nullable(),
  }),
);

/** Numbers of other people's open pull requests that say they are about the issue, of the hundred changed last. */
export async function claimingPullRequests(
  call: Call,
  client: GitHubClient,
  self: AppIdentity,
  issue: IssueRef,
): Promise<readonly number[]> {
  const { owner, name } = issue.repo;
  const pulls = await call("look for other pull requests", Pulls, () =>
    client.rest.pulls.list({
      owner,
      repo: name,
      state: "open",
      sort: "updated",
      direction: "desc",
      per_page: 100,
    }),
  );
  return pulls
    .filter(({ user }) => user?.login !== self.login)
    .filter(({ title, body }) => claimsIssue(`${title}\n${body ?? ""}`, issue))
    .map(({ number }) => number);
}
