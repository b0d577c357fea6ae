import { z } from "zod";
import { mayHoldCommand } from "../../domain/command/command-line.ts";
import { parseCommand, type Command, type WrongCommand } from "../../domain/command/parse-command.ts";
import { verbs } from "../../domain/command/verbs.ts";
import type { Forge } from "../../ports/forge.ts";
import type { Notice } from "../../report/notice.ts";
import { isNamedBot, sameLogin } from "../../runs/authorize.ts";
import { notify } from "../../runs/notify.ts";
import { settingsForRequest } from "../../runs/settings-request.ts";
import { appEvent, fieldAt } from "../app-event.ts";
import { carryOut } from "../commands.ts";
import type { CommandAsk } from "../commands/handler.ts";
import type { DeliveryDependencies } from "../delivery-dependencies.ts";
import { aboutIssue, issueOf } from "../payload.ts";

const CommentCreated = z.object({
  comment: z.object({
    id: z.int(),
    body: z.string(),
    created_at: z.string(),
    performed_via_github_app: z.object({ id: z.int() }).nullish().catch(null),
  }),
  ...aboutIssue,
});
type CommentCreated = z.infer<typeof CommentCreated>;

/** Someone wrote a command: a run is asked for, or an answer given. Edits of comments never come here. */
export const commentCreated = appEvent({
  name: "issue_comment.created",
  concerns: (payload) => {
    const body = fieldAt(payload, "comment", "body");
    return typeof body === "string" && mayHoldCommand(body);
  },
  payload: CommentCreated,
  handle: async (deps, payload, deliveryId) => {
    const forge = deps.forges.forInstallation(payload.installation.id);
    const { body } = payload.comment;
    const command = parseCommand(body, body.trimStart().startsWith("@") ? await forge.slug() : null);
    if (command === null) return;
    const heard = await mayBeHeard(deps, forge, payload);
    if (heard === "ignored") return;
    const { ref } = issueOf(payload);
    const target = { kind: "comment", repo: ref.repo, comment: payload.comment.id } as const;
    const notice = heard ?? noticeFor(command, onPullRequest(payload));
    if (notice !== null || "wrong" in command) {
      const said = notice ?? { kind: "help" };
      await notify(forge, ref, said);
      await forge.react(target, said.kind === "help" ? "eyes" : "confused");
      return;
    }
    await forge.react(target, "eyes");
    const outcome = await carryOut(deps, askOf(payload, command, deliveryId), forge);
    if (outcome === "refused") await forge.react(target, "confused");
  },
});

/**
 * Bots that the settings do not name are ignored without a word, the bot itself always: two bots that answer each other
 * never end. A notice is the reason why nobody's comments are heard.
 */
async function mayBeHeard(
  deps: DeliveryDependencies,
  forge: Forge,
  payload: CommentCreated,
): Promise<"ignored" | Notice | null> {
  const { sender } = payload;
  const settings = await settingsForRequest(deps, forge, issueOf(payload).ref.repo);
  if (sender.type === "Bot") {
    const named = isNamedBot(settings.permissions, { sender: sender.login, app: appOf(payload) });
    if (!named || sameLogin(sender.login, `${await forge.slug()}[bot]`)) return "ignored";
  }
  if (settings.trigger.commands) return null;
  return { kind: "no-commands", by: settings.saidBy("trigger.commands") };
}

/** A person may comment through an App, which gives them no right of its own. */
const appOf = ({ sender, comment }: CommentCreated): number | undefined =>
  sender.type === "Bot" ? comment.performed_via_github_app?.id : undefined;

const onPullRequest = ({ issue }: CommentCreated): boolean =>
  issue.pull_request !== undefined && issue.pull_request !== null;

function askOf(payload: CommentCreated, command: Command, delivery: string): CommandAsk {
  const app = appOf(payload);
  return {
    command,
    installation: payload.installation.id,
    issue: issueOf(payload),
    onPullRequest: onPullRequest(payload),
    sender: payload.sender.login,
    ...(app === undefined ? {} : { app }),
    comment: payload.comment.id,
    at: payload.comment.created_at,
    delivery,
  };
}

function noticeFor(command: Command | WrongCommand, onPull: boolean): Notice | null {
  if (command.verb === null) return { kind: "unknown-command", word: command.word };
  const { on } = verbs[command.verb];
  if (on !== "both" && (on === "pull requests") !== onPull) {
    return { kind: "wrong-place", verb: command.verb };
  }
  if ("wrong" in command) {
    return { kind: "wrong-option", verb: command.verb, option: command.option, why: command.why };
  }
  return command.verb === "help" ? { kind: "help" } : null;
}
