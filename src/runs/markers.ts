import type { IssueRef } from "../domain/issue.ts";

export type CommentKind =
  | "progress"
  | "check"
  | "plan"
  | "reproduction"
  | "validation"
  | "revision"
  | "test-addition"
  | "status"
  | "config"
  | "notice";

/** Hidden marker by which the bot finds its own comment of a kind again, so that it edits instead of repeating. */
export const commentMarker = (kind: CommentKind, ref: IssueRef): string =>
  `<!-- copatcher:${kind}:issue=${ref.number} -->`;
