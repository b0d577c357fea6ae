import { z } from "zod";
import { parseCommand, type Command } from "../../domain/command.ts";
import { noticeText, type Notice } from "../../report/notice.ts";
import { commentMarker } from "../../runs/markers.ts";
import { orderRun } from "../../runs/order-run.ts";
import { requestRun } from "../../runs/request-run.ts";
import { appEvent, byBot, fieldAt } from "../app-event.ts";
import { aboutIssue, issueOf } from "../payload.ts";

const CommentCreated = z.object({ comment: z.object({ id: z.int(), body: z.string() }), ...aboutIssue });
type CommentCreated = z.infer<typeof CommentCreated>;

/** Most comments are not for us, and looking for the word is much cheaper than reading Markdown. */
const holdsCommand = (body: unknown): boolean =>
  typeof body === "string" && body.includes("/copatcher") && parseCommand(body) !== null;

/** Someone wrote a command: a run is asked for, or an answer given. */
export const commentCreated = appEvent({
  name: "issue_comment.created",
  concerns: (payload) => holdsCommand(fieldAt(payload, "comment", "body")) && !byBot(payload),
  payload: CommentCreated,
  handle: async (deps, payload, deliveryId) => {
    const command = parseCommand(payload.comment.body);
    if (command === null) return;
    const notice = noticeFor(payload, command);
    const issue = issueOf(payload);
    if (notice !== null) {
      const forge = deps.forges.forInstallation(payload.installation.id);
      await forge.upsertComment(issue.ref, commentMarker("notice", issue.ref), noticeText(notice));
      return;
    }
    if (command.verb === "cancel" || command.verb === "stop") {
      const { installation, sender } = payload;
      const order = {
        verb: command.verb,
        installation: installation.id,
        issue: issue.ref,
        sender: sender.login,
      };
      await orderRun(deps, order);
      return;
    }
    await requestRun(deps, {
      kind: command.verb === "env-check" ? "environment-check" : "repair",
      installation: payload.installation.id,
      issue,
      trigger: { kind: "command", sender: payload.sender.login, delivery: deliveryId },
      label: null,
    });
  },
});

function noticeFor(payload: CommentCreated, command: Command): Notice | null {
  if (command.verb === "unknown") return { kind: "unknown-command", word: command.word };
  if (command.verb === "help") return { kind: "help" };
  return payload.issue.pull_request === undefined ? null : { kind: "not-on-pull-requests" };
}
