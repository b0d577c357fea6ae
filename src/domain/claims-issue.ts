import { repoSlug, type IssueRef } from "./issue.ts";
import { linkingWords } from "./linked-issue.ts";

const links = new RegExp(String.raw`${linkingWords}[ \t]+([\w.-]+/[\w.-]+)?#(\d{1,9})\b`, "gi");

/**
 * Whether a pull request's text says that it is about the issue: GitHub's closing words, or `Refs`, before its number.
 * Without them `#12` may be about anything.
 */
export function claimsIssue(text: string, { repo, number }: IssueRef): boolean {
  const slug = repoSlug(repo).toLowerCase();
  return [...text.matchAll(links)].some(
    ([, where, named]) => Number(named) === number && (where === undefined || where.toLowerCase() === slug),
  );
}
