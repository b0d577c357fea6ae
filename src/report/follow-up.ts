import type { FileChange } from "../domain/edit.ts";
import { changedLines } from "../domain/patch.ts";
import type { RepairRun } from "../domain/run.ts";
import { commitTrailers, runTrailer } from "./commit-trailers.ts";
import { inlineCode, joinSections, list, plainLine, section } from "./markdown.ts";
import { runFooter, shortSha } from "./phrases.ts";

/** The message of a follow-up's one commit, and the line in it by which the commit is found again. */
export function followUpCommit(about: {
  readonly run: RepairRun;
  /** The run that opened the pull request. */
  readonly original: RepairRun;
  /** `fix: answer the review of ...`; may hold what strangers wrote. */
  readonly title: string;
  /** What was done, in our own words. */
  readonly said: string;
}): { readonly message: string; readonly trailer: string } {
  const { run, original, title, said } = about;
  const body = `${said}\n\nRefs #${original.issue.ref.number}`;
  const message = `${plainLine(title, 100)}\n\n${body}\n\n${commitTrailers(run, run.trigger.sender)}\n`;
  return { message, trailer: runTrailer(run) };
}

/** The files of an edit with the sizes of their changes, as a list. */
export function changeList(edit: readonly FileChange[]): string {
  return list(
    edit.map((change) => {
      const { added, removed } = changedLines(change);
      return `${inlineCode(change.path)} (+${added} −${removed})`;
    }),
  );
}

/** Between the newest evidence, at the top of a pull request's text, and what it said first. */
export const asOpened = "What follows is about the pull request as it was opened.\n\n---";

/** Somebody pushed to the branch while the commit was made for the head before. */
export const movedText = (run: Pick<RepairRun, "id">, headSha: string, verb: "revise" | "add-test"): string =>
  joinSections([
    section(
      "what",
      `**Copatcher added no commit:** the branch has moved on since ${inlineCode(shortSha(headSha))}, for which it was written.`,
    ),
    section("next", `**Next step:** say \`/copatcher ${verb}\` again; it starts from the newest commit.`),
    runFooter(run),
  ]);
