import { issueKey } from "../domain/issue.ts";
import type { RepairRun } from "../domain/run.ts";
import type { Forge } from "../ports/forge.ts";
import type { RunReader } from "../ports/run-store.ts";
import { notify } from "./notify.ts";

/** Among so many newest runs those that GitHub refused are looked for. */
const newest = 500;
/** Nobody wants to hear of more at once. */
const mostTold = 20;

/**
 * Says on each issue whose newest run ended since GitHub refused something that the installation has new permissions now.
 * Nothing is begun by itself: who asked then may not want it any more. Safe to repeat; throws when GitHub is away.
 */
export async function tellRefusedRuns(
  { runs }: { readonly runs: Pick<RunReader, "recent"> },
  forge: Forge,
  installation: number,
): Promise<void> {
  const refused = lastOfEach(await runs.recent(newest)).filter(
    (run) =>
      run.installation === installation && run.state.at === "failed" && run.state.code === "forge-rejected",
  );
  for (const run of refused.slice(0, mostTold)) {
    const { ref } = run.issue;
    await notify(forge, ref, { kind: "permissions-accepted", runId: run.id, retry: run.kind === "repair" });
  }
}

/** Of runs with the newest first, the newest of each issue. */
function lastOfEach(runs: readonly RepairRun[]): readonly RepairRun[] {
  const newestOf = new Map(runs.toReversed().map((run) => [issueKey(run.issue.ref), run]));
  return runs.filter((run) => newestOf.get(issueKey(run.issue.ref)) === run);
}
