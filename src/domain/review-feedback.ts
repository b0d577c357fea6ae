import type { ReviewThread } from "./review-thread.ts";
import { cleanIssueText } from "./untrusted-text.ts";

const shownThreads = 20;
const shownRemarks = 8;
const longestRemark = 2_000;
const longestHint = 4_000;

/** An open thread as the models see it: whoever may not steer the bot is left out. */
export type OpenThread = Pick<ReviewThread, "path" | "line" | "comments">;

/**
 * What reviewers want, for a prompt: cleaned like issue text, bounded, and quoted as JSON, so that nothing in it can end
 * its place. Empty when nobody says anything.
 */
export function feedbackText(threads: readonly OpenThread[], hint: string | null): string {
  const clean = hint === null ? "" : cleanIssueText(hint, longestHint);
  const parts = threads.slice(0, shownThreads).map(({ path, line, comments }, at) => {
    const place = line === null ? JSON.stringify(path) : `${JSON.stringify(path)}, line ${line}`;
    const remarks = comments.slice(-shownRemarks).map(({ author, own, body }) => ({
      by: own ? "you" : author,
      says: cleanIssueText(body, longestRemark),
    }));
    return `### Thread ${at + 1}: ${place} ###\n${JSON.stringify(remarks, null, 1)}\n`;
  });
  if (clean !== "") parts.push(`### For the whole patch ###\n${JSON.stringify(clean)}\n`);
  return parts.join("\n").trimEnd();
}
