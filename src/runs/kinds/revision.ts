import { feedbackText } from "../../domain/review-feedback.ts";
import { revise } from "../../pipeline/revise.ts";
import { unfitPullRequestText } from "../../report/pull-request-refusal.ts";
import { nothingToReviseText } from "../../report/revision.ts";
import { baseSettings } from "../base-settings.ts";
import { keptScripts } from "../kept-scripts.ts";
import { publishRevision } from "../publish-revision.ts";
import { onPullRequest } from "../pull-request-stage.ts";
import { pinThreads } from "../review-threads.ts";
import { accessLost, beginPublishing, followUp, originalProblem, refused } from "./follow-up.ts";

/** `/copatcher revise`, or a review that asks for changes: one more commit on a pull request of ours, and an answer per thread. */
export const workRevision = followUp(async (deps, task, about) => {
  const { claim, forge } = task;
  const { run, original, pull } = about;
  const { context, permissions, paths } = await baseSettings(deps, task);
  const pinned = await pinThreads(deps.journal(claim), forge, run.issue.ref, context.min_role);
  const feedback = feedbackText(pinned.threads, run.hint ?? null);
  if (feedback === "") return refused(deps, task, nothingToReviseText(run, pinned.leftOut));
  const known = await keptScripts(deps.records, original.id);
  const problem = await originalProblem(deps, task, original, context);
  const end = await onPullRequest(deps, task, pull, problem, ({ context: stage, head, changes }) =>
    revise(stage, { head, changes, threads: pinned.threads, feedback }, known),
  );
  if (end.kind === "unfit") return refused(deps, task, unfitPullRequestText(run, end.why));
  const lost = await accessLost(deps, task, permissions);
  if (lost !== null) return refused(deps, task, lost);
  const seconds = await beginPublishing(deps, task);
  const { sensitive } = paths;
  return publishRevision(deps.tools, { forge, ...about, pinned, revision: end.value, sensitive, seconds });
});
