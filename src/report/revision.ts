import type { FileChange } from "../domain/edit.ts";
import type { RepairResult } from "../domain/evidence.ts";
import { changedLines } from "../domain/patch.ts";
import type { RepairRun } from "../domain/run.ts";
import { evidenceTable, rejectedSection } from "./evidence-sections.ts";
import { inlineCode, inlineText, joinSections, list, plainLine, section } from "./markdown.ts";
import { count, duration, runFooter, shortSha } from "./phrases.ts";
import { notVerified, verdictSentence, type Proposed } from "./pull-request.ts";

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
    : `${count(leftOut, "remark")} of people without triage access ${leftOut === 1 ? "was" : "were"} not shown to the models.`;

function changeList(edit: readonly FileChange[]): string {
  return list(
    edit.map((change) => {
      const { added, removed } = changedLines(change);
      return `${inlineCode(change.path)} (+${added} −${removed})`;
    }),
  );
}

/** The message of the one commit, and the line in it by which the commit is found again. */
export function revisionCommit(about: {
  readonly run: RepairRun;
  readonly original: RepairRun;
  readonly revision: Better;
}): { readonly message: string; readonly trailer: string } {
  const { run, original, revision } = about;
  const trailer = `Copatcher-Run: ${run.id.replaceAll(/\s+/g, " ")}`;
  const by = run.trigger.sender;
  // GitHub attributes a commit to a login by this address; anything that is no login must not reach a trailer.
  const author = /^[A-Za-z0-9][A-Za-z0-9-]{0,38}$/.test(by)
    ? [`Co-authored-by: ${by} <${by}@users.noreply.github.com>`]
    : [];
  const title = plainLine(`fix: answer the review of "${original.issue.title}"`, 100);
  const said = `Selected from ${count(revision.result.evidence.samples, "sample")} on the reviewed commit.`;
  const body = `${said}\n\nRefs #${original.issue.ref.number}`;
  return { message: `${title}\n\n${body}\n\n${[trailer, ...author].join("\n")}\n`, trailer };
}

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

/** What scripts and tests say of the pull request as it is after the revision, for the top of its text. */
export function revisionSection({ result }: Better, sha: string): string {
  return [
    `### Evidence after the revision in ${inlineCode(shortSha(sha))}`,
    verdictSentence(result),
    evidenceTable(result.evidence, result.verdict),
    "What follows is about the pull request as it was opened.",
  ].join("\n\n");
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

/** Somebody pushed to the branch while the revision was written for the commit before. */
export const movedText = (run: Run, headSha: string): string =>
  joinSections([
    section(
      "what",
      `**Copatcher added no commit:** the branch has moved on since ${inlineCode(shortSha(headSha))}, for which the revision was written.`,
    ),
    section("next", "**Next step:** say `/copatcher revise` again; it starts from the newest commit."),
    runFooter(run),
  ]);

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
