import { z } from "zod";
import { tickedControl, type Control } from "../../domain/command/controls.ts";
import type { Issue } from "../../domain/issue.ts";
import type { AppEvent } from "../app-event.ts";
import { appEvent, byBot, fieldAt } from "../app-event.ts";
import { carryOut } from "../commands.ts";
import type { CommandAsk } from "../commands/handler.ts";
import type { DeliveryDependencies } from "../delivery-dependencies.ts";
import { aboutIssue, Installation, IssueInPayload, issueOf, Repository, Sender } from "../payload.ts";

const changes = z.object({ body: z.object({ from: z.string().nullish() }) });
const Author = z.object({ login: z.string(), type: z.string() }).nullish();

/** Whether an edit that a person made ticked something in a text that a bot wrote. */
function ticksSomething(payload: object, text: "comment" | "pull_request"): boolean {
  const [before, after] = [fieldAt(payload, "changes", "body", "from"), fieldAt(payload, text, "body")];
  return (
    typeof after === "string" &&
    typeof before === "string" &&
    fieldAt(payload, text, "user", "type") === "Bot" &&
    !byBot(payload) &&
    tickedControl(before, after) !== null
  );
}

/** Someone ticked a checkbox of a comment of ours. */
const commentTicked = appEvent({
  name: "issue_comment.edited",
  concerns: (payload) => ticksSomething(payload, "comment"),
  payload: z.object({
    comment: z.object({ id: z.int(), body: z.string(), updated_at: z.string(), user: Author }),
    changes,
    ...aboutIssue,
  }),
  handle: (deps, payload, delivery) => {
    const { comment, installation, sender } = payload;
    return press(deps, {
      control: tickedControl(payload.changes.body.from ?? "", comment.body),
      author: comment.user?.login,
      installation: installation.id,
      issue: issueOf(payload),
      onPullRequest: (payload.issue.pull_request ?? null) !== null,
      sender: sender.login,
      comment: null,
      at: comment.updated_at,
      delivery,
    });
  },
});

/** Someone ticked a checkbox in the text of a pull request of ours. */
const pullRequestTicked = appEvent({
  name: "pull_request.edited",
  concerns: (payload) => ticksSomething(payload, "pull_request"),
  payload: z.object({
    pull_request: IssueInPayload.extend({ updated_at: z.string(), user: Author }),
    changes,
    installation: Installation,
    repository: Repository,
    sender: Sender,
  }),
  handle: (deps, payload, delivery) => {
    const { pull_request: pull, installation, repository, sender } = payload;
    return press(deps, {
      control: tickedControl(payload.changes.body.from ?? "", pull.body ?? ""),
      author: pull.user?.login,
      installation: installation.id,
      issue: issueOf({ issue: pull, repository }),
      onPullRequest: true,
      sender: sender.login,
      comment: null,
      at: pull.updated_at,
      delivery,
    });
  },
});

export const controlEvents: readonly AppEvent[] = [commentTicked, pullRequestTicked];

type Press = Omit<CommandAsk, "command"> & {
  readonly control: Control | null;
  readonly author: string | undefined;
  readonly issue: Issue;
};

/** A tick is the command that it stands for, with the rights of whoever made it; other bots' texts hold none of ours. */
async function press(deps: DeliveryDependencies, { control, author, ...ask }: Press): Promise<void> {
  const forge = deps.forges.forInstallation(ask.installation);
  if (control === null || author !== `${await forge.slug()}[bot]`) return;
  const command = { verb: control, options: {}, text: "" } as const;
  await carryOut(deps, { ...ask, command }, forge);
}
