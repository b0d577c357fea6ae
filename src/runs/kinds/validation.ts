import { RepairError } from "../../domain/errors.ts";
import { z } from "zod";
import { linkedIssue } from "../../domain/linked-issue.ts";
import { problemStatement } from "../../domain/untrusted-text.ts";
import { checkPatch } from "../../pipeline/check-patch.ts";
import { refusedPullRequestText, unfitPullRequestText } from "../../report/pull-request-refusal.ts";
import { validationText } from "../../report/validation.ts";
import { onPullRequest } from "../pull-request-stage.ts";
import { pinSides, type PinnedPullRequest } from "../pull-request-sides.ts";
import { endAnswered, type Task, type Work, type WorkDependencies } from "./work.ts";

/** `/copatcher validate`: scripts and tests on somebody's pull request. It is only read; the answer is a comment. */
export const workValidation: Work = async (deps, task) => {
  const { claim, forge } = task;
  const { ref } = claim.run.issue;
  const pull = await pinSides(deps.journal(claim), forge.pullRequests, ref.repo, ref.number);
  const text =
    pull.kind === "refused" ? refusedPullRequestText(claim.run, pull.why) : await validated(deps, task, pull);
  await endAnswered(deps, task, text);
};

async function validated(deps: WorkDependencies, task: Task, pull: PinnedPullRequest): Promise<string> {
  const { run } = task.claim;
  const problem = await problemOf(deps, task);
  const end = await onPullRequest(deps, task, pull, problem.text, ({ context, changes }) =>
    checkPatch(context, changes),
  );
  if (end.kind === "unfit") return unfitPullRequestText(run, end.why);
  const seconds = Math.round((deps.clock.now() - task.startedAt) / 1000);
  const now = await task.forge.pullRequests.pullRequest(run.issue.ref.repo, pull.number);
  const moved = now === null || now.head.sha === pull.headSha ? null : now.head.sha;
  return validationText(run, end.value, { pull, issue: problem.issue, moved, seconds });
}

const Problem = z.object({ issue: z.int().nullable(), text: z.string() });

/** What the pull request is for: the issue that it names, where there is one, else its own words. */
const problemOf = ({ journal }: WorkDependencies, { claim, forge }: Task): Promise<z.infer<typeof Problem>> =>
  journal(claim).step("problem", {}, Problem, async () => {
    const { issue } = claim.run;
    const number = linkedIssue(issue.body);
    const linked =
      number === null || number === issue.ref.number
        ? null
        : await forge.issue({ repo: issue.ref.repo, number }).catch((error: unknown) => {
            // a number that is no issue, or one that the App may not read
            if (error instanceof RepairError && error.code === "forge-rejected") return null;
            throw error;
          });
    return { issue: linked === null ? null : number, text: problemStatement(linked ?? issue) };
  });
