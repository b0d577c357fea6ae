import type { IssueRef } from "../domain/issue.ts";
import { RepairError } from "../domain/errors.ts";
import { isLive, type RepairRun } from "../domain/run.ts";
import type { Forge, Forges } from "../ports/forge.ts";
import type { Logger } from "../ports/logger.ts";
import type { RequestPolicy, RunStore } from "../ports/run-store.ts";
import { failureText } from "../report/issue-comment.ts";
import { refusalFor } from "./authorize.ts";
import { notify } from "./notify.ts";
import { lastEdition, progressMarker } from "./progress-comment.ts";
import { runsBefore, type Saying } from "./runs-before.ts";
import { settingsForRequest } from "./settings-request.ts";

/** Someone wants the issue's run to end (`cancel`), or to finish with the best it has (`stop`). */
export type Order = {
  readonly verb: "cancel" | "stop";
  readonly installation: number;
  readonly issue: IssueRef;
  readonly sender: string;
  /** See Actor. */
  readonly app?: number | undefined;
  /** Left out where the forge does not say when. */
  readonly said?: Saying;
  /** Where it was said; left out: on the issue. */
  readonly answerAt?: IssueRef;
};

export type OrderDependencies = {
  readonly runs: Pick<RunStore, "live" | "latest" | "transitions" | "requestCancel" | "requestStop">;
  readonly forges: Forges;
  readonly logger: Logger;
  readonly policy: Pick<RequestPolicy, "limits" | "newer">;
};

/**
 * Gives the order to every live run of the issue that was asked for before it. Whoever works on one answers on the issue
 * within seconds; for a queued one, which ends at once, the answer is written here. Safe to repeat, and to come late.
 */
export async function orderRun(deps: OrderDependencies, order: Order): Promise<"done" | "refused"> {
  const { verb, issue, sender, app, said, answerAt = issue } = order;
  const forge = deps.forges.forInstallation(order.installation);
  const live = await runsBefore(deps.runs, issue, said ?? null);
  const { permissions } = await settingsForRequest(deps, forge, issue.repo);
  const requesters = live.map(({ trigger }) => trigger.sender);
  const applicant = { repo: issue.repo, sender, app, right: "cancel", requesters } as const;
  const refusal = await refusalFor(deps, forge, permissions, applicant);
  if (refusal !== null) {
    await notify(forge, answerAt, refusal);
    return "refused";
  }
  for (const run of live) {
    const given =
      verb === "cancel"
        ? await deps.runs.requestCancel(run.id, sender)
        : await deps.runs.requestStop(run.id, sender);
    deps.logger.info({ runId: run.id, verb, given }, "order given");
  }
  // asked anew, since a crash may have kept an earlier try from saying it
  const latest = await deps.runs.latest(issue);
  if (latest?.state.at === "cancelled" && latest.state.by === sender)
    await sayCancelled(forge, latest, sender);
  else if (live.length === 0 && latest !== null && isLive(latest.state)) {
    deps.logger.info({ runId: latest.id, verb }, "an order came late and is not for the newer run");
    return "done";
  } else if (live.length === 0) await notify(forge, answerAt, { kind: "nothing-live", verb });
  return live.length === 0 ? "refused" : "done";
}

async function sayCancelled(forge: Forge, run: RepairRun, by: string): Promise<void> {
  const text = failureText(run, new RepairError("cancelled", `cancelled by ${by}`));
  await forge.upsertComment(run.issue.ref, progressMarker(run), text, lastEdition(run));
}
