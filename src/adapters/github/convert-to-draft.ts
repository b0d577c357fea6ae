import { z } from "zod";
import { RepairError } from "../../domain/errors.ts";
import type { Logger } from "../../ports/logger.ts";
import type { Call, GitHubClient } from "./github-call.ts";
import type { Pull } from "./proposal-pulls.ts";

/** REST opens drafts, but cannot make one of a pull request that is there. */
const mutation = `mutation copatcherDraft($id: ID!) {
  convertPullRequestToDraft(input: { pullRequestId: $id }) { pullRequest { isDraft } }
}`;

/** Makes the pull request a draft, where GitHub lets it: some private repositories have none, and some hosts not the right. */
export async function convertToDraft(
  { call, client, logger }: { readonly call: Call; readonly client: GitHubClient; readonly logger: Logger },
  { number, node_id: id }: Pull,
): Promise<void> {
  try {
    await call("make the pull request a draft", z.unknown(), async () => ({
      data: await client.graphql(mutation, { id }),
    }));
  } catch (error) {
    if (!(error instanceof RepairError) || error.code !== "forge-rejected") throw error;
    logger.warn({ pullRequest: number, error: error.message }, "the pull request stays ready for review");
  }
}
