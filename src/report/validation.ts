import type { RepairRun } from "../domain/run.ts";
import { evidenceTable, pocSection } from "./evidence-sections.ts";
import { inlineCode, inlineText, joinSections, list, plainLine, section } from "./markdown.ts";
import { duration, runFooter, shortSha } from "./phrases.ts";
import { notVerified, verdictSentence, type Proposed } from "./pull-request.ts";
import { flagList, testDoubts } from "./trust.ts";

export type ValidatedPullRequest = {
  readonly pull: { readonly headSha: string; readonly base: string };
  /** The issue whose text the scripts are about; null: the pull request's own. */
  readonly issue: number | null;
  /** Its head, when it is not the one any more that was executed. */
  readonly moved: string | null;
  readonly seconds: number;
};

/** What scripts and tests say of a person's pull request; nothing of it is changed or approved. */
export function validationText(
  run: Pick<RepairRun, "id">,
  result: Proposed,
  { pull, issue, moved, seconds }: ValidatedPullRequest,
): string {
  const { evidence, verdict } = result;
  const about = issue === null ? "this pull request's own text" : `issue #${issue}`;
  const doubts = testDoubts(verdict.tests, (id) => inlineCode(id, 120), inlineText);
  return joinSections([
    section("verdict", verdictSentence(result)),
    section(
      "what",
      `Executed: commit ${inlineCode(shortSha(pull.headSha))} against ${inlineCode(shortSha(evidence.baseSha))}, where it left ${inlineCode(pull.base)}. The scripts were written from ${about}. It took ${duration(seconds)}.`,
    ),
    section(
      "moved",
      moved === null
        ? ""
        : `**The pull request has moved on** to ${inlineCode(shortSha(moved))}; nothing here says anything about that commit. Say \`/copatcher validate\` again.`,
    ),
    section("evidence", evidenceTable(evidence, verdict)),
    section(
      "lines to look at",
      evidence.flags.length === 0 ? "" : `Please look at these lines:\n\n${flagList(evidence.flags)}`,
    ),
    section("test runs to look at", doubts.length === 0 ? "" : list(doubts)),
    section("not verified", `### Not verified, please check\n\n${list(notVerified(result))}`),
    ...evidence.pocs.map((poc) =>
      section(`script ${plainLine(poc.id, 40)}`, pocSection(evidence, poc, verdict), false),
    ),
    runFooter(run),
  ]);
}
