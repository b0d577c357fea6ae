import type { RepairRun } from "../../domain/run.ts";
import { feedbackText } from "../../domain/review-feedback.ts";
import { problemStatement } from "../../domain/untrusted-text.ts";
import { revise } from "../../pipeline/revise.ts";
import { refusedPullRequestText, unfitPullRequestText } from "../../report/pull-request-refusal.ts";
import { nothingToReviseText } from "../../report/revision.ts";
import { keptScripts } from "../kept-scripts.ts";
import { publishRevision } from "../publish-revision.ts";
import { onPullRequest } from "../pull-request-stage.ts";
import { pinSides, type PinnedPullRequest } from "../pull-request-sides.ts";
import { pinThreads } from "../review-threads.ts";
import { showFence, type Task, type Work, type WorkDependencies } from "./work.ts";

/** `/copatcher revise`, or a review that asks for changes: one more commit on a pull request of ours, and an answer per thread. */
export const workRevision: Work = async (deps, task) => {
  const { claim, comment, usage } = task;
  const text = await revised(deps, task);
  task.control.signal.throwIfAborted();
  await comment.finish(text);
  await deps.runs.advance(claim, { kind: "ended", state: { at: "checked" } }, usage.tokens());
};

/** Does it, and returns what to say of it; nothing is written before the worker has shown that the run is still its own. */
async function revised(deps: WorkDependencies, task: Task): Promise<string> {
  const { claim, forge } = task;
  const { run } = claim;
  const { ref } = run.issue;
  const journal = deps.journal(claim);
  const original = await originalOf(deps, run);
  const pull = await pinSides(journal, forge.pullRequests, ref.repo, ref.number);
  if (pull.kind === "refused") return refused(deps, task, refusedPullRequestText(run, pull.why));
  if (original === null || !isOurs(pull)) return refused(deps, task, refusedPullRequestText(run, "not-ours"));

  const pinned = await pinThreads(journal, forge, ref);
  const feedback = feedbackText(pinned.threads, run.hint ?? null);
  if (feedback === "") return refused(deps, task, nothingToReviseText(run, pinned.leftOut));
  const known = await keptScripts(deps.records, original.id);
  const problem = problemStatement(original.issue, original.hint ?? null);
  const end = await onPullRequest(deps, task, pull, problem, ({ context, head, changes }) =>
    revise(context, { head, changes, threads: pinned.threads, feedback }, known),
  );
  if (end.kind === "unfit") return refused(deps, task, unfitPullRequestText(run, end.why));

  task.control.signal.throwIfAborted();
  await showFence(deps, claim);
  task.comment.report({ stage: "publish", text: "publishing" });
  const seconds = Math.round((deps.clock.now() - task.startedAt) / 1000);
  return publishRevision({ forge, run, original, pull, pinned, revision: end.value, seconds });
}

async function refused(deps: WorkDependencies, { claim }: Task, text: string): Promise<string> {
  await showFence(deps, claim);
  return text;
}

async function originalOf(
  { records, runs }: WorkDependencies,
  { issue }: RepairRun,
): Promise<RepairRun | null> {
  const id = await records.runOfPullRequest(issue.ref.repo, issue.ref.number);
  return id === null ? null : runs.run(id);
}

/** Both: opened by the App, and from a branch that only the bot makes. */
const isOurs = ({ own, branch }: PinnedPullRequest): boolean => own && branch.startsWith("copatcher/");
