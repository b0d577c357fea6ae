import type { RepairRun } from "../domain/run.ts";
import { evidenceTable } from "./evidence-sections.ts";
import { codeBlock, fold, inlineCode, joinSections, section } from "./markdown.ts";
import { duration, runFooter } from "./phrases.ts";
import { verdictSentence, type Proposed } from "./pull-request.ts";

/** Why a patch is shown but not proposed. */
export type Withheld =
  | { readonly kind: "forbidden" | "dry-run" | "not-reproduced" }
  | { readonly kind: "others-work"; readonly numbers: readonly number[] }
  /** Who asked for the run may not ask for it any more. */
  | { readonly kind: "access-lost"; readonly sender: string }
  /** The forge would not have it; the message may hold untrusted text. */
  | { readonly kind: "rejected"; readonly message: string };

/** The reason, and what to do. */
function wordsOf(why: Withheld): readonly [because: string, next: string] {
  switch (why.kind) {
    case "forbidden":
      return [
        "`pr.mode` is `never` in the settings",
        "apply the patch by hand, or allow pull requests in `.github/copatcher.yml`",
      ];
    case "dry-run":
      return [
        "`dry_run` is `true` in the settings",
        "judge the patch; without `dry_run` in `.github/copatcher.yml` it would have become a pull request",
      ];
    case "not-reproduced":
      return [
        "no script fails on the base commit and passes with the patch, and `validation.require_repro` in the settings demands one",
        "write into the issue how to reproduce it, then `/copatcher retry`",
      ];
    case "others-work":
      return [
        `meanwhile ${why.numbers.map((number) => `#${number}`).join(", ")} says to be about this issue`,
        "review what is there; this patch is for comparison, and `/copatcher fix force=true` opens a pull request in spite of it",
      ];
    case "access-lost":
      return [
        `${inlineCode(why.sender)}, who asked for it, may not ask for it any more`,
        "somebody who may can judge the patch and say `/copatcher retry from=validate`",
      ];
    case "rejected":
      return [
        `it was refused: ${inlineCode(why.message.trim(), 500)}`,
        "apply the patch by hand, or put right what is named there (permissions of the App, branch rules), then `/copatcher retry from=validate`",
      ];
  }
}

/** The last comment of a run that has a patch which does not become a pull request. */
export function withheldText(
  run: Pick<RepairRun, "id">,
  result: Proposed,
  seconds: number,
  why: Withheld,
): string {
  const [because, next] = wordsOf(why);
  return joinSections([
    section(
      "what",
      `**Copatcher has a patch but opens no pull request**, because ${because}. It took ${duration(seconds)}.`,
    ),
    section("verdict", verdictSentence(result)),
    section("evidence", evidenceTable(result.evidence, result.verdict), false),
    section("patch", fold("The patch", codeBlock(result.winner.patch, "diff")), false),
    section("next", `**Next step:** ${next}.`),
    runFooter(run),
  ]);
}
