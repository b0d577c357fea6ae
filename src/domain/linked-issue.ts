import { withoutHidden } from "./visible-text.ts";

const longest = 65_536;

/** GitHub's closing words, and `Refs`, as a pattern that ignores case: what stands before the number of an issue. */
export const linkingWords = String.raw`\b(?:fix(?:e[sd])?|close[sd]?|resolve[sd]?|refs?)\b:?`;

const first = new RegExp(String.raw`${linkingWords}[ \t]{1,3}#(\d{1,9})\b`, "i");

/** The first issue of the same repository that a pull request's text says it fixes or belongs to; null for none. */
export function linkedIssue(text: string): number | null {
  const shown = withoutHidden(text.slice(0, longest)).replace(/<!--[\s\S]*?(?:-->|$)/g, "");
  const found = first.exec(shown);
  const number = Number(found?.[1] ?? 0);
  return number > 0 ? number : null;
}
