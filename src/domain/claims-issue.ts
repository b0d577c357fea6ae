import { repoSlug, type IssueRef } from "./issue.ts";

/**
 * Whether a pull request's text says that it is about the issue: GitHub's closing words, or `Refs`, before its number.
 * Without them `#12` may be about anything.
 */
export function claimsIssue(text: string, { repo, number }: IssueRef): boolean {
  const words = /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?|refs?):?[ \t]+([\w.-]+\/[\w.-]+)?#(\d{1,9})\b/gi;
  const slug = repoSlug(repo).toLowerCase();
  return [...text.matchAll(words)].some(
    ([, where, named]) => Number(named) === number && (where === undefined || where.toLowerCase() === slug),
  );
}
