import type { CheckAction, CheckAnnotation, CheckConclusion } from "../domain/check-run.ts";
import { headOf, withVisibleHidden } from "../domain/visible-text.ts";
import { evidenceTable } from "./evidence-sections.ts";
import { joinSections, list, section } from "./markdown.ts";
import { levelNames } from "./phrases.ts";
import { notVerified, verdictSentence, type Proposed } from "./pull-request.ts";

/** What the buttons beside the check ask for. */
export const checkActions = {
  rerun: { label: "Run again", description: "Start a new attempt for the issue" },
  "add-test": { label: "Add test", description: "Make a test of the script and commit it" },
  cancel: { label: "Cancel", description: "End the run that is under way" },
} as const satisfies Readonly<Record<string, Omit<CheckAction, "identifier">>>;
export type CheckActionName = keyof typeof checkActions;

export const checkActionList: readonly CheckAction[] = Object.entries(checkActions).map(
  ([identifier, action]) => ({ identifier, ...action }),
);

export type ValidationReport = {
  readonly conclusion: CheckConclusion;
  readonly title: string;
  readonly summary: string;
  readonly annotations: readonly CheckAnnotation[];
};

/**
 * The verdict on a proposed patch with the table of its pull request; only what was validated is a success. `remark` is
 * Markdown of our own.
 */
export function validationReport(result: Proposed, remark = ""): ValidationReport {
  const { evidence, verdict, level } = result;
  return {
    conclusion: level === "validated" ? "success" : "neutral",
    title: levelNames[level],
    summary: joinSections([
      section("verdict", verdictSentence(result)),
      section("remark", remark),
      section("evidence", evidenceTable(evidence, verdict)),
      section("not verified", `### Not verified, please check\n\n${list(notVerified(result))}`),
    ]),
    annotations: evidence.flags.flatMap(({ path, line, meaning }): readonly CheckAnnotation[] =>
      line === null
        ? []
        : [
            {
              path,
              line,
              column: null,
              level: "warning",
              message: withVisibleHidden(headOf(meaning, 1_000)),
            },
          ],
    ),
  };
}
