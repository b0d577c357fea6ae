import { RepairError } from "../../domain/errors.ts";
import type { PullRequests } from "../../ports/pull-requests.ts";

const refused = (): Promise<never> =>
  Promise.reject(new RepairError("forge-rejected", "There are no pull requests in a local folder."));

/** A folder has none. */
export const noPullRequests: PullRequests = {
  pullRequest: () => Promise.resolve(null),
  forkPoint: () => Promise.resolve(null),
  reviewThreads: () => Promise.resolve([]),
  invite: () => Promise.resolve({ reviewers: [], labels: [] }),
  reply: refused,
  addCommit: refused,
  putSection: refused,
};
