import { z } from "zod";
import type { RepairRun } from "../../domain/run.ts";
import type { ContextSettings } from "../../domain/settings/context.ts";
import type { Permissions } from "../../domain/settings/permissions.ts";
import { problemStatement } from "../../domain/untrusted-text.ts";
import { refusedPullRequestText } from "../../report/pull-request-refusal.ts";
import type { FollowedUp } from "../follow-up-commit.ts";
import { pinTalk } from "../issue-talk.ts";
import { pinSides } from "../pull-request-sides.ts";
import { mayStillHave } from "../may-still-have.ts";
import { showFence, type Task, type Work, type WorkDependencies } from "./work.ts";

/** Work on a pull request of ours: does it, and returns what to say of it. Nothing is written before `beginPublishing`. */
export type FollowUp = (deps: WorkDependencies, task: Task, about: FollowedUp) => Promise<string>;

/** A kind of run that follows up a pull request of ours; of any other, and of closed ones, it says why not. */
export const followUp =
  (does: FollowUp): Work =>
  async (deps, task) => {
    const { claim, comment, usage } = task;
    const about = await ownPullRequest(deps, task);
    const text = typeof about === "string" ? await refused(deps, task, about) : await does(deps, task, about);
    task.control.signal.throwIfAborted();
    await comment.finish(text);
    await deps.runs.advance(claim, { kind: "ended", state: { at: "checked" } }, usage.tokens());
  };

/** To be asked before `beginPublishing`; gives what to say where who asked may not any more, null where they may. */
export async function accessLost(
  deps: WorkDependencies,
  { claim, forge }: Task,
  permissions: Permissions,
): Promise<string | null> {
  const { run } = claim;
  const may = await deps
    .journal(claim)
    .step("may-still", {}, z.boolean(), () => mayStillHave(deps.tools, forge, run, permissions));
  return may ? null : refusedPullRequestText(run, "access-lost");
}

/** Why nothing is done, once the worker has shown that the run is still its own. */
export async function refused(deps: WorkDependencies, { claim }: Task, text: string): Promise<string> {
  await showFence(deps, claim);
  return text;
}

/** To be called before anything of a follow-up is seen on the forge; gives the seconds since the run began. */
export async function beginPublishing(deps: WorkDependencies, task: Task): Promise<number> {
  task.control.signal.throwIfAborted();
  await showFence(deps, task.claim);
  task.comment.report({ stage: "publish", text: "publishing" });
  return Math.round((deps.clock.now() - task.startedAt) / 1000);
}

/** What the models of the run that opened the pull request were told. */
export async function originalProblem(
  deps: WorkDependencies,
  { claim, forge }: Task,
  { issue, trigger, hint }: RepairRun,
  context: ContextSettings,
): Promise<string> {
  const { comments } = await pinTalk(deps.journal(claim), forge, { issue, trigger }, context);
  return problemStatement(issue, { hint, comments });
}

/** The pull request with the run that opened it, or the refusal. */
async function ownPullRequest(deps: WorkDependencies, { claim, forge }: Task): Promise<FollowedUp | string> {
  const { run } = claim;
  const { repo, number } = run.issue.ref;
  const original = await originalOf(deps, run);
  const pull = await pinSides(deps.journal(claim), forge.pullRequests, repo, number);
  if (pull.kind === "refused") return refusedPullRequestText(run, pull.why);
  if (original === null || !pull.own) return refusedPullRequestText(run, "not-ours");
  return { run, original, pull };
}

async function originalOf(
  { records, runs }: WorkDependencies,
  { issue }: RepairRun,
): Promise<RepairRun | null> {
  const id = await records.runOfPullRequest(issue.ref.repo, issue.ref.number);
  return id === null ? null : runs.run(id);
}
