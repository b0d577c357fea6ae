import type { ScriptNotes } from "../domain/evidence.ts";
import type { FailedPoc, Poc } from "../domain/poc.ts";
import type { RepairRun } from "../domain/run.ts";
import { pocSection } from "./evidence-sections.ts";
import { inlineCode, inlineText, joinSections, list, section } from "./markdown.ts";
import { count, runFooter, shortSha } from "./phrases.ts";

/** What the reproduction scripts of an issue came to on a commit. */
export type ReproductionResult = {
  readonly baseSha: string;
  readonly pocs: readonly Poc[];
  readonly failed: readonly FailedPoc[];
  readonly scripts: ScriptNotes;
  /** Why nothing can be executed here; null when it can. */
  readonly unable: string | null;
};

/** The answer to `/copatcher repro`. */
export function reproductionText(run: Pick<RepairRun, "id">, result: ReproductionResult): string {
  const { pocs, failed, baseSha } = result;
  return joinSections([
    section("head", `**${headline(result)}** Commit ${inlineCode(shortSha(baseSha))}.`),
    ...pocs.map((poc, index) => section(`script ${poc.id}`, pocSection(result, poc, null), index === 0)),
    section("failed", list(failed.map(whyNot)), false),
    section("next", `**Next step:** ${nextStep(result)}`),
    runFooter(run),
  ]);
}

function headline({ pocs, failed, unable }: ReproductionResult): string {
  if (unable !== null) return "Not tried: nothing can be executed for this repository.";
  const tried = pocs.length + failed.length;
  return pocs.length === 0
    ? `Not reproduced: none of ${count(tried, "script")} shows the issue.`
    : `Reproduced: ${pocs.length} of ${count(tried, "script")} ${pocs.length === 1 ? "shows" : "show"} the issue.`;
}

const whyNot = ({ id, attempts, reason }: FailedPoc): string =>
  `${inlineCode(id)} (${count(attempts, "attempt")}): ${inlineText(reason, 300)}`;

function nextStep({ pocs, unable }: ReproductionResult): string {
  if (unable !== null) return `${inlineText(unable, 300)}; \`/copatcher env check\` shows what is missing.`;
  return pocs.length === 0
    ? "add the exact input, the version and the whole error message to the issue, then ask again. That no script shows it does not mean that it is not there."
    : "`/copatcher fix` looks for a patch that makes it go away.";
}
