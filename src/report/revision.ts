import type { FileChange } from "../domain/edit.ts";
import type { RepairResult } from "../domain/evidence.ts";
import type { RepairRun } from "../domain/run.ts";
import { evidenceTable, rejectedSection } from "./evidence-sections.ts";
import { asOpened, changeList, followUpCommit } from "./follow-up.ts";
import { inlineCode, inlineText, joinSections, list, section } from "./markdown.ts";
import { count, duration, runFooter, shortSha } from "./phrases.ts";
import { notVerified, verdictSentence, type Proposed } from "./pull-request.ts";
import { sensitiveText } from "./sensitive.ts";

type Better = { readonly kind: "better"; readonly result: Proposed; readonly edit: readonly FileChange[] };
type NothingBetter = {
  readonly kind: "nothing-better";
  readonly why: string;
  readonly result: RepairResult;
};
type Run = Pick<RepairRun, "id">;

const unheard = (leftOut: number): string =>
  leftOut === 0
    ? ""
    : `${count(leftOut, "remark")} of people below \`context.min_role\` ${leftOut === 1 ? "was" : "were"} not shown to the models.`;

/** The commit that answers a review. */
export const revisionCommit = (
  run: RepairRun,
  original: RepairRun,
  { result }: Better,
): ReturnType<typeof followUpCommit> =>
  followUpCommit({
    run,
    original,
    title: `fix: answer the review of "${original.issue.title}"`,
    said: `Selected from ${count(result.evidence.samples, "sample")} on the reviewed commit.`,
  });

/** The bot's answer in one thread: what was done, without claiming that it is what the reviewer meant. */
export function threadAnswer(revision: Better | NothingBetter, path: string, sha: string | null): string {
  if (revision.kind === "nothing-better" || sha === null)
    return `Nothing was changed. ${revision.kind === "nothing-better" ? inlineText(revision.why, 400) : ""}`.trimEnd();
  const here = revision.edit.filter((change) => change.path === path);
  const commit = inlineCode(shortSha(sha));
  return here.length === 0
    ? `Commit ${commit} answers the review, but changes nothing in this file; it changes:\n\n${changeList(revision.edit)}\n\nPlease check whether that is what you meant.`
    : `Commit ${commit} changes this file:\n\n${changeList(here)}\n\nPlease check whether that is what you meant; the thread is yours to resolve.`;
}

/**
 * What scripts and tests say of the pull request as it is after the revision, for the top of its text; `sensitive` are the
 * settings' patterns.
 */
export function revisionSection({ result, edit }: Better, sha: string, sensitive: readonly string[]): string {
  return [
    `### Evidence after the revision in ${inlineCode(shortSha(sha))}`,
    verdictSentence(result),
    evidenceTable(result.evidence, result.verdict),
    sensitiveText(edit, sensitive),
    asOpened,
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** The last comment of a revision that added a commit. */
export function revisedText(
  run: Run,
  { result, edit }: Better,
  end: {
    readonly sha: string;
    readonly verified: boolean | null;
    readonly threads: number;
    readonly leftOut: number;
    readonly seconds: number;
  },
): string {
  const { sha, verified, threads, leftOut, seconds } = end;
  const answered =
    threads === 0 ? "" : ` ${count(threads, "thread")} ${threads === 1 ? "has" : "have"} an answer.`;
  return joinSections([
    section(
      "what",
      `**Copatcher added commit ${inlineCode(shortSha(sha))}** after ${duration(seconds)}.${answered} ${unheard(leftOut)}`.trimEnd(),
    ),
    section("unsigned", verified === false ? "GitHub does not show the commit as verified." : ""),
    section("changes", changeList(edit)),
    section("verdict", verdictSentence(result)),
    section("evidence", evidenceTable(result.evidence, result.verdict)),
    section("not verified", `### Not verified, please check\n\n${list(notVerified(result))}`),
    runFooter(run),
  ]);
}

/** The last comment of a revision that found nothing to put in place of the patch. */
export function nothingBetterText(
  run: Run,
  { why, result }: NothingBetter,
  { leftOut, seconds }: { readonly leftOut: number; readonly seconds: number },
): string {
  const { evidence } = result;
  return joinSections([
    section("what", `**Copatcher changed nothing.** ${inlineText(why, 400)} ${unheard(leftOut)}`.trimEnd()),
    section(
      "tried",
      `Tried: ${count(evidence.samples, "sample")}, ${evidence.rejected.length} rejected before any run, ${count(evidence.ranking.ordered.length, "distinct patch", "distinct patches")} checked. It took ${duration(seconds)}.`,
    ),
    section(
      "next",
      "**Next step:** say below `/copatcher revise` what exactly should change, or push a commit of your own.",
    ),
    section("rejected samples", rejectedSection(evidence), false),
    runFooter(run),
  ]);
}

/** Neither an open thread nor a word below the command. */
export const nothingToReviseText = (run: Run, leftOut: number): string =>
  joinSections([
    section(
      "what",
      `**Copatcher changed nothing:** there is no open review thread and no text below the command. ${unheard(leftOut)}`.trimEnd(),
    ),
    section(
      "next",
      "**Next step:** review the files, or write below `/copatcher revise` what should change.",
    ),
    runFooter(run),
  ]);
