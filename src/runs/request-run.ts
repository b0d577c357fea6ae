import { asRepairError } from "../domain/errors.ts";
import type { Right } from "../domain/command/verbs.ts";
import type { IssueRef } from "../domain/issue.ts";
import type { LimitHit } from "../domain/limits.ts";
import type { RepairRun, RunKind, RunRequest } from "../domain/run.ts";
import type { Forge, Forges } from "../ports/forge.ts";
import type { Logger } from "../ports/logger.ts";
import type { RequestPolicy, RunStore } from "../ports/run-store.ts";
import type { Notice } from "../report/notice.ts";
import { refusalFor } from "./authorize.ts";
import { notify } from "./notify.ts";
import { showProgress } from "./progress-comment.ts";
import { isOptedOut } from "./status-labels.ts";
import { settingsForRequest, type RequestSettings } from "./settings-request.ts";

/** Someone asks for a run. The issue is as it was in the event, so later edits change nothing. */
export type RunAsk = RunRequest & {
  /** The label that asked, to be taken off again; null for a command. */
  readonly label: string | null;
};

export type RequestDependencies = {
  readonly runs: Pick<RunStore, "request" | "run" | "position">;
  readonly forges: Forges;
  readonly logger: Logger;
  /** What the operator allows, and what a newer request does to a live run of its issue. */
  readonly policy: Pick<RequestPolicy, "limits" | "newer">;
};

/** The setting of each limit. */
const limitKeys: Readonly<Record<LimitHit["limit"], string>> = {
  runsPerIssue: "limits.runs_per_issue",
  runsPerDay: "limits.runs_per_day",
  tokensPerDay: "limits.tokens_per_day",
  openPullRequests: "limits.open_prs",
};

/** Someone waits for what a command asked; what the bot found by itself can wait. */
const priorities = { command: 10, label: 0, reconcile: -10 } as const;
/** Short, and the answer is what somebody needs to go on. */
const quickPriority = 20;

/** What it takes to ask for each kind of run. */
export const rightFor: Readonly<Record<RunKind, Right>> = {
  repair: "fix",
  "environment-check": "plan",
  plan: "plan",
  reproduction: "plan",
  validation: "fix",
  revision: "fix",
  "test-addition": "fix",
};

/** Kinds that do nothing but add a commit to a pull request. */
const commits: readonly RunKind[] = ["revision", "test-addition"];

/**
 * Starts a run when the sender may, and answers in every case: with the progress comment, or with the reason and the
 * next step. An issue has at most one live run. Returns the run, or null when the ask was refused.
 */
export async function requestRun(deps: RequestDependencies, ask: RunAsk): Promise<RepairRun | null> {
  const forge = deps.forges.forInstallation(ask.installation);
  const { ref } = ask.issue;
  if (ask.label !== null) await takeOff(deps, forge, ref, ask.label);

  const wanted = await settingsForRequest(deps, forge, ref.repo);
  const refusal = await whyNot(deps, forge, ask, wanted);
  if (refusal !== null) {
    await notify(forge, ref, refusal);
    return null;
  }
  const { label: _, ...asked } = ask;
  const request = { ...baseOf(ask, wanted), ...asked };
  const priority = rightFor[ask.kind] === "plan" ? quickPriority : priorities[ask.trigger.kind];
  const outcome = await deps.runs.request(request, { ...wanted.policy, priority });
  if (outcome.kind === "limited") {
    const setBy = wanted.saidBy(limitKeys[outcome.hit.limit]);
    await notify(forge, ref, { kind: "limited", hit: outcome.hit, setBy });
    return null;
  }
  if (outcome.kind === "already-live") {
    if (outcome.run.trigger.delivery === ask.trigger.delivery) return outcome.run;
    await notify(forge, ref, { kind: "already-running", runId: outcome.run.id });
    return outcome.run;
  }
  // A worker may have been faster; what it said is newer.
  const now = await deps.runs.run(outcome.run.id);
  if (now?.state.at === "queued") {
    const ahead = await deps.runs.position(now.id);
    await showProgress(forge, now, [], { ahead, atOnce: wanted.policy.limits.repositoryRuns });
  }
  return outcome.run;
}

/** The branch of the settings, for work on an issue; a pull request has its own. */
const baseOf = ({ pullRequest }: RunAsk, { branch }: RequestSettings): Pick<RunAsk, "base"> =>
  pullRequest !== undefined || branch.base === null ? {} : { base: branch.base };

/** Why the settings let no run begin; null when they do. */
async function whyNot(
  deps: RequestDependencies,
  forge: Forge,
  ask: RunAsk,
  wanted: RequestSettings,
): Promise<Notice | null> {
  const { ref } = ask.issue;
  const { sender, app } = ask.trigger;
  const applicant = { repo: ref.repo, sender, app, right: rightFor[ask.kind] };
  const refusal = await refusalFor(deps, forge, wanted.permissions, applicant);
  if (refusal !== null) return refusal;
  if (!wanted.enabled) return { kind: "disabled", by: wanted.saidBy("enabled") };
  if (wanted.dryRun && commits.includes(ask.kind)) return { kind: "dry-run", by: wanted.saidBy("dry_run") };
  if (ask.label !== null && wanted.trigger.label === false)
    return { kind: "no-label-runs", by: wanted.saidBy("trigger.label") };
  const { ignore } = wanted.labels;
  if (await isOptedOut(forge, ref, ignore)) return { kind: "opted-out", label: ignore };
  if (ask.kind !== "repair" || ask.force === true || wanted.pr.if_other_pr !== "stop") return null;
  const numbers = await forge.claiming(ref);
  return numbers.length === 0 ? null : { kind: "others-work", numbers };
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
