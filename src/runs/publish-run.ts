import type { RepairResult } from "../domain/evidence.ts";
import type { EndState, RepairRun } from "../domain/run.ts";
import type { RepoSettings } from "../domain/settings.ts";
import type { UsageMeter } from "../pipeline/usage-meter.ts";
import type { Branch, Forge } from "../ports/forge.ts";
import type { Logger } from "../ports/logger.ts";
import type { Claim, RunStore } from "../ports/run-store.ts";
import { declinedText, proposedText, withheldText } from "../report/issue-comment.ts";
import { pullRequestText } from "../report/pull-request.ts";
import { showValidation } from "./validation-check.ts";
import { editionOfClaim, type ProgressComment } from "./progress-comment.ts";

type Publication = {
  readonly claim: Claim;
  readonly forge: Forge;
  readonly base: Branch;
  readonly result: RepairResult;
  readonly settings: RepoSettings;
  readonly seconds: number;
  readonly comment: ProgressComment;
  readonly usage: UsageMeter;
};

type PublishDependencies = {
  readonly runs: Pick<RunStore, "advance">;
  readonly tools: { readonly logger: Logger };
};

/**
 * Shows the result on the forge: a pull request and a closing word, or the reason why there is none. May run twice
 * (a crash between the effect and its record): the forge looks before it writes, and the run's state is recorded last,
 * so that nothing said is lost.
 */
export async function publishRun(deps: PublishDependencies, publication: Publication): Promise<void> {
  const { claim, forge, base, result, settings, seconds, comment } = publication;
  const { run } = claim;
  const end = async (state: EndState): Promise<void> => {
    await deps.runs.advance(claim, { kind: "ended", state }, publication.usage.tokens());
  };
  if (result.kind === "declined") {
    await comment.finish(declinedText(run, result, seconds));
    await end({ at: "declined", reason: result.reason });
    return;
  }
  const others = await othersWork(forge, run, settings);
  const stopped = settings.pr.if_other_pr === "stop" && others.length > 0;
  if (settings.pr.mode === "never" || stopped) {
    const why = stopped
      ? ({ kind: "others-work", numbers: others } as const)
      : ({ kind: "forbidden" } as const);
    await comment.finish(withheldText(run, result, seconds, why));
    await end({ at: "declined", reason: "refused" });
    return;
  }

  const text = pullRequestText({ result, issue: run.issue, run, seconds });
  const { mode } = settings.pr;
  const draft = mode === "draft" || others.length > 0 || (mode === "auto" && result.level !== "validated");
  const pullRequest = await forge.propose({
    issue: run.issue.ref,
    base,
    branch: text.branch,
    commitMessage: text.commitMessage,
    changes: result.winner.changes,
    title: text.title,
    body: text.body,
    draft,
    edition: editionOfClaim(claim),
  });
  const { number, url, verified, headSha } = pullRequest;
  deps.tools.logger.info({ runId: run.id, pullRequest: number, draft, verified }, "pull request is open");
  await showValidation(deps.tools, forge, { run, result, headSha });
  await comment.finish(proposedText(run, result, pullRequest, seconds));
  await end({ at: "proposed", pullRequest: number, url });
}

/** Other people's pull requests for the issue that count: some may have come while the run was under way. */
async function othersWork(
  forge: Forge,
  { issue, force }: RepairRun,
  { pr }: RepoSettings,
): Promise<readonly number[]> {
  return force === true || pr.if_other_pr === "ignore" ? [] : forge.claiming(issue.ref);
}
