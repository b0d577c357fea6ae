import { z } from "zod";
import type { RepairResult } from "../domain/evidence.ts";
import type { EndState, RepairRun } from "../domain/run.ts";
import type { RepoSettings } from "../domain/settings.ts";
import type { UsageMeter } from "../pipeline/usage-meter.ts";
import type { Branch, Forge } from "../ports/forge.ts";
import type { Journal } from "../ports/journal.ts";
import type { Logger } from "../ports/logger.ts";
import type { Claim, RunStore } from "../ports/run-store.ts";
import { declinedText, proposedText, withheldText } from "../report/issue-comment.ts";
import { pullRequestText, type Proposed } from "../report/pull-request.ts";
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
  readonly journal: (claim: Claim) => Journal;
  readonly tools: { readonly logger: Logger };
};

/** What became of a patch; kept with the run, so that it ends as it began to end, whatever changes meanwhile. */
const Published = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("withheld"), numbers: z.array(z.number()).nullable() }),
  z.object({
    kind: z.literal("proposed"),
    number: z.number(),
    url: z.string(),
    draft: z.boolean(),
    verified: z.boolean().nullable(),
    headSha: z.string().nullable(),
  }),
]);
type Published = z.infer<typeof Published>;

/**
 * Shows the result on the forge: a pull request and a closing word, or the reason why there is none. May run twice
 * (a crash between the effect and its record): the forge looks before it writes, and the run's state is recorded last,
 * so that nothing said is lost.
 */
export async function publishRun(deps: PublishDependencies, publication: Publication): Promise<void> {
  const { claim, forge, result, seconds, comment } = publication;
  const { run } = claim;
  const end = async (state: EndState): Promise<void> => {
    await deps.runs.advance(claim, { kind: "ended", state }, publication.usage.tokens());
  };
  if (result.kind === "declined") {
    await comment.finish(declinedText(run, result, seconds));
    await end({ at: "declined", reason: result.reason });
    return;
  }
  const journal = deps.journal(claim);
  const shown = await journal.step("publish", {}, Published, () => publish(deps, publication, result));
  if (shown.kind === "withheld") {
    const { numbers } = shown;
    const why =
      numbers === null ? ({ kind: "forbidden" } as const) : ({ kind: "others-work", numbers } as const);
    await comment.finish(withheldText(run, result, seconds, why));
    await end({ at: "declined", reason: "refused" });
    return;
  }
  await showValidation(deps.tools, forge, { run, result, headSha: shown.headSha });
  await comment.finish(proposedText(run, result, shown, seconds));
  await end({ at: "proposed", pullRequest: shown.number, url: shown.url });
}

/** Opens the pull request, unless the settings or other people's work are against it. */
async function publish(
  { tools }: PublishDependencies,
  { claim, forge, base, settings, seconds }: Publication,
  result: Proposed,
): Promise<Published> {
  const { run } = claim;
  const { mode, if_other_pr } = settings.pr;
  const others = await othersWork(forge, run, settings);
  if (others.length > 0 && if_other_pr === "stop") return { kind: "withheld", numbers: [...others] };
  if (mode === "never") return { kind: "withheld", numbers: null };

  const text = pullRequestText({ result, issue: run.issue, run, seconds });
  const draft = mode === "draft" || others.length > 0 || (mode === "auto" && result.level !== "validated");
  const opened = await forge.propose({
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
  const { number, url, verified, headSha } = opened;
  tools.logger.info({ runId: run.id, pullRequest: number, draft, verified }, "pull request is open");
  return { kind: "proposed", number, url, draft: opened.draft, verified, headSha };
}

/** Other people's pull requests for the issue that count: some may have come while the run was under way. */
async function othersWork(
  forge: Forge,
  { issue, force }: RepairRun,
  { pr }: RepoSettings,
): Promise<readonly number[]> {
  return force === true || pr.if_other_pr === "ignore" ? [] : forge.claiming(issue.ref);
}
