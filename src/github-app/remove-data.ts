import { RepairError } from "../domain/errors.ts";
import { repoSlug } from "../domain/issue.ts";
import { isLive, type RepairRun } from "../domain/run.ts";
import type { DataScope } from "../ports/kept-data.ts";
import type { DeliveryDependencies } from "./delivery-dependencies.ts";

/** Older live runs than these make the store refuse the removal, and it is tried again when they have ended. */
const newest = 1_000;

/**
 * Deletes everything about an issue, a repository or an installation, after cancelling its live runs. A running one
 * needs seconds to stop: until then this throws `store-unavailable`, and the queue tries again.
 */
export async function removeData(deps: DeliveryDependencies, scope: DataScope): Promise<void> {
  const live = await liveRuns(deps, scope);
  const orders = await Promise.all(
    live.map(({ id }) => deps.runs.requestCancel(id, "GitHub: its issue is gone")),
  );
  if (orders.includes("requested"))
    throw new RepairError("store-unavailable", "Its data is removed once its runs have stopped.", {
      data: { scope },
    });
  const removed = await deps.data.remove(scope);
  deps.logger.info({ scope, removed }, "data removed because GitHub says its subject is gone");
}

export async function liveRuns(deps: DeliveryDependencies, scope: DataScope): Promise<readonly RepairRun[]> {
  if (scope.kind === "issue") return deps.runs.live(scope.issue);
  const runs = await deps.runs.recent(newest);
  return runs.filter(
    ({ state, installation, issue }) =>
      isLive(state) &&
      (scope.kind === "installation"
        ? installation === scope.installation
        : repoSlug(issue.ref.repo).toLowerCase() === repoSlug(scope.repo).toLowerCase()),
  );
}
