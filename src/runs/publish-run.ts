import { z } from "zod";
import { isSureEnough } from "../domain/calibration/sure-enough.ts";
import { RepairError } from "../domain/errors.ts";
import type { RepairResult } from "../domain/evidence.ts";
import type { EndState } from "../domain/run.ts";
import { sensitiveFiles } from "../domain/sensitive-files.ts";
import type { RepoSettings } from "../domain/settings.ts";
import type { UsageMeter } from "../pipeline/usage-meter.ts";
import type { Clock } from "../ports/clock.ts";
import type { Branch, Forge } from "../ports/forge.ts";
import type { Journal } from "../ports/journal.ts";
import type { Logger } from "../ports/logger.ts";
import type { RunRecord } from "../ports/run-record.ts";
import type { Claim, RunStore } from "../ports/run-store.ts";
import { declinedText, proposedText } from "../report/issue-comment.ts";
import { pullRequestText, type Proposed } from "../report/pull-request.ts";
import { withheldText } from "../report/withheld.ts";
import { invitePeople } from "./invite-people.ts";
import type { MovedBase } from "./moved-base.ts";
import { pullRequestTemplate } from "./pull-request-template.ts";
import type { CalibrationOf } from "./repository-calibration.ts";
import { showValidation } from "./validation-check.ts";
import { editionOfClaim, type ProgressComment } from "./progress-comment.ts";
import { whatWithholds, Withheld } from "./withheld.ts";

type Publication = {
  readonly claim: Claim;
  readonly forge: Forge;
  readonly base: Branch;
  readonly result: RepairResult;
  readonly settings: RepoSettings;
  readonly seconds: number;
  /** Where its base branch has moved on meanwhile. */
  readonly moved: MovedBase;
  readonly comment: ProgressComment;
  readonly usage: UsageMeter;
};

type PublishDependencies = {
  readonly runs: Pick<RunStore, "advance" | "noteOpened">;
  readonly journal: (claim: Claim) => Journal;
  readonly record: (claim: Claim) => RunRecord;
  readonly clock: Pick<Clock, "now">;
  readonly calibrationOf: CalibrationOf;
  readonly tools: { readonly logger: Logger };
};

/** What became of a patch; kept with the run, so that it ends as it began to end, whatever changes meanwhile. */
const Published = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("withheld"), why: Withheld }),
  z.object({
    kind: z.literal("proposed"),
    number: z.number(),
    url: z.string(),
    draft: z.boolean(),
    /** Whether it should be a draft and is none. */
    undrafted: z.boolean().default(false),
    verified: z.boolean().nullable(),
    headSha: z.string().nullable(),
    refused: z.object({ reviewers: z.array(z.string()), labels: z.array(z.string()) }),
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
    await comment.finish(withheldText(run, result, seconds, shown.why));
    const rejected = shown.why.kind === "rejected";
    await end(rejected ? { at: "failed", code: "forge-rejected" } : { at: "declined", reason: "refused" });
    return;
  }
  const { headSha, number } = shown;
  await recordOpened(deps, publication, { headSha, number });
  const remark = publication.moved?.text ?? "";
  const checked = await showValidation(deps.tools, forge, { run, result, headSha, remark });
  await comment.finish(proposedText(run, result, { ...shown, checked }, seconds));
  await end({ at: "proposed", pullRequest: shown.number, url: shown.url });
}

/** By the commit that the bot proposed, people's corrections are known later. */
async function recordOpened(
  deps: PublishDependencies,
  { claim, forge }: Publication,
  { headSha, number }: { readonly headSha: string | null; readonly number: number },
): Promise<void> {
  if (headSha === null) return;
  const slug = await forge.slug().catch(() => null);
  const by = `${slug ?? "copatcher"}[bot]`;
  const at = new Date(deps.clock.now()).toISOString();
  await deps.record(claim).note(`opened ${number} ${headSha}`, () => ({
    kind: "pull-request-feedback",
    pullRequest: number,
    feedback: { what: "opened", headSha, by, at },
  }));
}

/** What the forge says no to for good must not cost the patch; throws anything else. */
function refusalOf(error: unknown): RepairError {
  if (error instanceof RepairError && error.code === "forge-rejected") return error;
  throw error;
}

/** Opens the pull request, unless the settings or other people's work are against it. */
async function publish(
  { runs, tools, calibrationOf }: PublishDependencies,
  { claim, forge, base, settings, seconds, moved }: Publication,
  result: Proposed,
): Promise<Published> {
  const { run } = claim;
  const { issue } = run;
  const { mode, template: use } = settings.pr;
  const { withheld, others } = await whatWithholds(tools, forge, run, result, settings);
  if (withheld !== null) return { kind: "withheld", why: withheld };

  const template = use === "append" ? await pullRequestTemplate(tools, forge, issue.ref.repo) : null;
  const calibration = await calibrationOf(issue.ref.repo);
  const told = { result, issue, run, seconds, settings, template, moved: moved?.text };
  const text = pullRequestText({ ...told, calibration });
  const holds = moved?.holds !== false && isSureEnough(result.evidence, calibration);
  const sure = result.level === "validated" && holds;
  const { changes } = result.winner;
  const sensitive = sensitiveFiles(changes, settings.paths.sensitive).length > 0;
  const draft = mode === "draft" || sensitive || others.length > 0 || (mode === "auto" && !sure);
  const { branch, commitMessage, title, body } = text;
  const wanted = { issue: issue.ref, base, branch, commitMessage, changes, title, body, draft };
  const opened = await forge
    .propose({ ...wanted, edition: editionOfClaim(claim) })
    .catch((error: unknown) => refusalOf(error));
  if (opened instanceof RepairError) {
    tools.logger.error(
      { runId: run.id, error: opened.message, ...opened.data },
      "the pull request is refused",
    );
    return { kind: "withheld", why: { kind: "rejected", message: opened.message } };
  }
  const { number, url, verified, headSha } = opened;
  // people may close it, or ask for a revision, while the rest is still shown
  await runs.noteOpened(claim, number);
  tools.logger.info({ runId: run.id, pullRequest: number, draft, verified }, "pull request is open");
  const pull = { repo: issue.ref.repo, number };
  const { reviewers, labels } = await invitePeople(tools, forge, pull, { run, pr: settings.pr });
  const refused = { reviewers: [...reviewers], labels: [...labels] };
  const undrafted = draft && !opened.draft;
  return { kind: "proposed", number, url, draft: opened.draft, undrafted, verified, headSha, refused };
}
