import { refuseBranchName, slugOf } from "../domain/branch-name.ts";
import type { VerdictLevel } from "../domain/evidence.ts";
import type { Issue } from "../domain/issue.ts";
import { filled, type PullRequestSettings } from "../domain/settings/pull-request.ts";
import { standsAlone } from "../domain/stands-alone.ts";
import { cleanIssueText } from "../domain/untrusted-text.ts";
import { withoutHidden } from "../domain/visible-text.ts";
import { apart, codeBlock, plainLine, unlinked } from "./markdown.ts";
import { levelNames } from "./phrases.ts";

const maxTitle = 120;

/** One line: the settings' own words, with the issue's, which are untrusted, in their place; anything unsure is named. */
export function titleOf(level: VerdictLevel, issue: Issue, template: string): string {
  const { number } = issue.ref;
  const words = plainLine(issue.title, maxTitle) || `issue ${number}`;
  const own = withoutHidden(template).replace(/\s+/g, " ");
  const title = filled(own, { title: words, number: String(number) });
  return level === "validated" ? title : `${title} (${levelNames[level].toLowerCase()})`;
}

/** One branch for each issue and each branch that its patch is for, `base` when it is not the default branch. */
export function branchOf({ ref, title }: Issue, base: string | undefined, template: string): string {
  const name = filled(template, { number: String(ref.number), slug: slugOf(title) })
    // where a title has no slug
    .replace(/[-._]+(?=\/|$)/g, "");
  const safe = refuseBranchName(name) === null ? name : `copatcher/issue-${ref.number}`;
  return base === undefined ? safe : `${safe}-${base.replace(/[^\w.-]+/g, "-")}`;
}

/** By default only a validated patch may close the issue when it is merged. */
export function linkWord(level: VerdictLevel, link: PullRequestSettings["link"]): "Fixes" | "Refs" {
  if (link === "auto") return level === "validated" ? "Fixes" : "Refs";
  return link === "fixes" ? "Fixes" : "Refs";
}

/** Of a template, in characters. */
const maxTemplate = 6_000;

/**
 * A repository's template as part of our text: what it hides is gone, it mentions nobody, refers to nothing and closes no
 * issue. One that would swallow what stands below it is shown as code. Empty when nothing is left.
 */
export function templateText(raw: string): string {
  const text = cleanIssueText(raw, maxTemplate);
  const defused = unlinked(text)
    .replaceAll("<", "&lt;")
    .replace(/:\/\/(?=\S*\/(?:issues|pull|discussions)\/\d)/gi, `:${apart}//`);
  return text === "" || standsAlone(defused) ? defused : codeBlock(text, "markdown");
}
