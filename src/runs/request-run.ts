import { asRepairError } from "../domain/errors.ts";
import type { Issue, IssueRef } from "../domain/issue.ts";
import type { RepairRun, RunKind, Trigger } from "../domain/run.ts";
import type { Forge, Forges, Permission } from "../ports/forge.ts";
import type { Logger } from "../ports/logger.ts";
import type { RunStore } from "../ports/run-store.ts";
import { noticeText } from "../report/notice.ts";
import { commentMarker } from "./markers.ts";
import { showProgress } from "./progress-comment.ts";

/** Someone asks for a run. The issue is as it was in the event, so later edits change nothing. */
export type RunAsk = {
  readonly kind: RunKind;
  readonly installation: number;
  readonly issue: Issue;
  readonly trigger: Trigger;
  /** The label that asked, to be taken off again; null for a command. */
  readonly label: string | null;
};

export type RequestDependencies = {
  readonly runs: Pick<RunStore, "request" | "run">;
  readonly forges: Forges;
  readonly logger: Logger;
};

const allowed: ReadonlySet<Permission> = new Set(["write", "maintain", "admin"]);

/**
 * Starts a run when the sender may, and answers in every case: with the progress comment, or with the reason and the
 * next step. An issue has at most one live run. Returns the run, or null when the ask was refused.
 */
export async function requestRun(deps: RequestDependencies, ask: RunAsk): Promise<RepairRun | null> {
  const forge = deps.forges.forInstallation(ask.installation);
  const { ref } = ask.issue;
  if (ask.label !== null) await takeOff(deps, forge, ref, ask.label);

  const refusal = await refuse(deps, forge, ask);
  if (refusal !== null) {
    await notify(forge, ref, refusal);
    return null;
  }
  const outcome = await deps.runs.request(ask);
  if (outcome.kind === "already-live") {
    if (outcome.run.trigger.delivery === ask.trigger.delivery) return outcome.run;
    await notify(forge, ref, { kind: "already-running", runId: outcome.run.id });
    return outcome.run;
  }
  // A worker may have been faster; what it said is newer.
  const now = await deps.runs.run(outcome.run.id);
  if (now?.state.at === "queued") await showProgress(forge, now, []);
  return outcome.run;
}

/** A label that stays can be taken off by hand; it is no reason to leave the ask unanswered. */
async function takeOff(deps: RequestDependencies, forge: Forge, ref: IssueRef, label: string): Promise<void> {
  try {
    await forge.removeLabel(ref, label);
  } catch (error) {
    const { code, message } = asRepairError(error);
    deps.logger.warn({ code, message, label }, "the label was not taken off");
  }
}

type Notice = Parameters<typeof noticeText>[0];

async function refuse(deps: RequestDependencies, forge: Forge, ask: RunAsk): Promise<Notice | null> {
  const { sender } = ask.trigger;
  try {
    const permission = await forge.permission(ask.issue.ref.repo, sender);
    return allowed.has(permission) ? null : { kind: "not-allowed", sender, permission };
  } catch (error) {
    const { code, message } = asRepairError(error);
    deps.logger.warn({ code, message }, "permission could not be checked");
    return { kind: "permission-unknown", sender };
  }
}

async function notify(forge: Forge, ref: IssueRef, notice: Notice): Promise<void> {
  await forge.upsertComment(ref, commentMarker("notice", ref), noticeText(notice));
}
