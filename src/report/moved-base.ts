import type { ErrorCode } from "../domain/error-catalogue.ts";
import { inlineCode } from "./markdown.ts";
import { shortSha, titleInSentence } from "./phrases.ts";
import { verdictSentence, type Proposed } from "./pull-request.ts";

/** A branch that has moved on since a run began, and the files concerned that it changed, as far as they are known. */
export type Move = {
  readonly branch: string;
  readonly from: string;
  readonly to: string;
  readonly files: readonly string[];
};

/** What the patch does on the branch's new head. */
export type OnNewHead =
  | { readonly kind: "executed"; readonly result: Proposed }
  | { readonly kind: "does-not-fit" }
  | { readonly kind: "not-executed"; readonly why: ErrorCode };

const shownFiles = 5;

/** What a reviewer must know of a branch that has moved on; Markdown. */
export function movedBaseText({ branch, from, to, files }: Move, found: OnNewHead): string {
  const shown = files.slice(0, shownFiles).map((path) => inlineCode(path, 120));
  const more = files.length > shownFiles ? ` and ${files.length - shownFiles} more` : "";
  const what = shown.length === 0 ? "" : `, which changes ${shown.join(", ")}${more}`;
  const moved = `Since the run began ${inlineCode(branch)} has moved from ${inlineCode(shortSha(from))} to ${inlineCode(shortSha(to))}${what}.`;
  return `### The base branch has moved\n\n${moved} ${wordsOf(found)} All other evidence here is about ${inlineCode(shortSha(from))}.`;
}

function wordsOf(found: OnNewHead): string {
  switch (found.kind) {
    case "executed":
      return `The patch was executed there again. ${verdictSentence(found.result)}`;
    case "does-not-fit":
      return "**The patch does not fit there any more.** Compare it with what was changed.";
    case "not-executed":
      return `**The patch was not executed there:** ${titleInSentence(found.why)}.`;
  }
}
