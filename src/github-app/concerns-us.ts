import { parseCommand } from "../domain/command.ts";
import { CommentCreated, IssueLabeled } from "./payload.ts";

/** The label that starts a run. */
export const triggerLabel = "copatcher";

/** GitHub takes labels that differ in case for the same one. */
const isTrigger = (label: string): boolean => label.toLowerCase() === triggerLabel;

/**
 * Whether a delivery can start anything: most cannot and need no write. Events of bots, ours among them, never do.
 */
export function concernsUs(event: string, payload: unknown): boolean {
  if (event === "issues") {
    const labeled = IssueLabeled.safeParse(payload);
    return labeled.success && labeled.data.sender.type !== "Bot" && isTrigger(labeled.data.label.name);
  }
  if (event === "issue_comment") {
    const created = CommentCreated.safeParse(payload);
    return (
      created.success &&
      created.data.sender.type !== "Bot" &&
      parseCommand(created.data.comment.body) !== null
    );
  }
  return false;
}
