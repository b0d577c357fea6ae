import type { IssueRef } from "../domain/issue.ts";

/** Hidden marker by which the bot finds its own comment of a kind again, so that it edits instead of repeating. */
export const commentMarker = (kind: "progress" | "check" | "notice", ref: IssueRef): string =>
  `<!-- copatcher:${kind}:issue=${ref.number} -->`;
