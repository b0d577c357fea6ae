import type { FileChange } from "../domain/edit.ts";
import { unifiedDiff } from "../domain/patch.ts";
import type { RepairRun } from "../domain/run.ts";
import { evidenceTable } from "./evidence-sections.ts";
import { asOpened, changeList, followUpCommit } from "./follow-up.ts";
import { codeBlock, fold, inlineCode, inlineText, joinSections, list, section } from "./markdown.ts";
import { count, duration, runFooter, shortSha } from "./phrases.ts";
import { verdictSentence, type Proposed } from "./pull-request.ts";

type Run = Pick<RepairRun, "id">;

/** A test that fails without the patch and passes with it. */
export type AddedTest = {
  readonly tests: readonly string[];
  readonly edit: readonly FileChange[];
  /** Name of the script that it was made from. */
  readonly script: string;
  /** What scripts and tests say of the patch without it. */
  readonly result: Proposed;
};

const shownTests = 10;
const shownWhys = 6;

export const testCommit = (
  run: RepairRun,
  original: RepairRun,
  { script, result }: AddedTest,
): ReturnType<typeof followUpCommit> =>
  followUpCommit({
    run,
    original,
    title: `test: ${original.issue.title}`,
    said: `Made from the script ${script}. It fails on ${shortSha(result.evidence.baseSha)} and passes with the patch.`,
  });

/** What was executed of the test itself, also for the check beside its commit. */
export function testSentence({ tests, script, result }: AddedTest): string {
  const names = tests.slice(0, shownTests).map((id) => inlineCode(id));
  const more = tests.length > shownTests ? ` and ${tests.length - shownTests} more` : "";
  const base = inlineCode(shortSha(result.evidence.baseSha));
  return `The added test (${names.join(", ")}${more}) fails on the base commit ${base} and passes with the patch, each in two runs; the tests beside it end as before. A model wrote it from the script ${inlineCode(script)}: check that it tests what the issue means.`;
}

/** What scripts and tests say of the pull request as it is with the test, for the top of its text. */
export const testSection = (added: AddedTest, sha: string): string =>
  [
    `### Evidence with the test added in ${inlineCode(shortSha(sha))}`,
    testSentence(added),
    verdictSentence(added.result),
    evidenceTable(added.result.evidence, added.result.verdict),
    asOpened,
  ].join("\n\n");

/** The last comment of a run that added a test. */
export function addedTestText(
  run: Run,
  added: AddedTest,
  end: { readonly sha: string; readonly verified: boolean | null; readonly seconds: number },
): string {
  const { sha, verified, seconds } = end;
  const { evidence, verdict } = added.result;
  return joinSections([
    section(
      "what",
      `**Copatcher added a test in commit ${inlineCode(shortSha(sha))}** after ${duration(seconds)}.`,
    ),
    section("unsigned", verified === false ? "GitHub does not show the commit as verified." : ""),
    section("changes", changeList(added.edit)),
    section("test", testSentence(added)),
    section("verdict", verdictSentence(added.result)),
    section("evidence", evidenceTable(evidence, verdict)),
    section("next", "**Next step:** review the test as you would anybody's."),
    section("diff", fold("The test", codeBlock(unifiedDiff(added.edit), "diff")), false),
    runFooter(run),
  ]);
}

/** Why no test was added. */
export type NoTest =
  /** The run that opened the pull request confirmed no script, or its record is gone. */
  | { readonly kind: "nothing-kept" }
  | { readonly kind: "unable"; readonly why: string }
  | { readonly kind: "no-script"; readonly result: Proposed }
  | { readonly kind: "none-holds"; readonly whys: readonly string[] };

export function noTestText(run: Run, none: NoTest): string {
  const { why, next } = reasonOf(none);
  return joinSections([
    section("what", `**Copatcher added no test:** ${why}.`),
    ...detailsOf(none).map((text) => section("details", text)),
    section("next", `**Next step:** ${next}.`),
    runFooter(run),
  ]);
}

function reasonOf(none: NoTest): { readonly why: string; readonly next: string } {
  switch (none.kind) {
    case "nothing-kept":
      return {
        why: "the run that opened this pull request has no script that reproduced the issue, so there is nothing to make a test from",
        next: "`/copatcher repro` on the issue tries to reproduce it; a test can also be pushed by hand",
      };
    case "unable":
      return {
        why: `nothing can be executed for this repository (${inlineText(none.why, 400)}), so nothing would show that the test fails without the patch`,
        next: "`/copatcher env check` on the issue shows what is missing",
      };
    case "no-script":
      return {
        why: "no script shows the issue on the base commit and not with this pull request any more",
        next: "look at what the scripts say; `/copatcher validate` writes new ones",
      };
    case "none-holds":
      return {
        why: `of ${count(none.whys.length, "written test")} none fails on the base commit, passes with this pull request, and leaves the tests beside it as they were`,
        next: "say `/copatcher add-test` again, and below it where the test belongs and what it should check; or push one by hand",
      };
  }
}

function detailsOf(none: NoTest): readonly string[] {
  if (none.kind === "no-script") return [evidenceTable(none.result.evidence, none.result.verdict)];
  if (none.kind !== "none-holds") return [];
  const distinct = [...new Set(none.whys)].slice(0, shownWhys);
  return [list(distinct.map((why) => inlineText(why, 300)))];
}
