import { z } from "zod";
import type { EmulatedGitHub } from "./emulator.ts";
import type { Site } from "./route.ts";
import type { ToldBy } from "./told-by.ts";
import type { SentWebhook } from "./webhooks.ts";

/** What people do with the checkboxes of a bot's texts; waits for the bot's answer. */
export type ControlPeople = {
  /** Ticks the checkbox whose line holds `mark` in a comment on an issue. */
  readonly tickComment: (
    issue: number,
    comment: number,
    mark: string,
    sender: string,
  ) => Promise<SentWebhook>;
  /** The same in a pull request's own text. */
  readonly tickPullRequest: (number: number, mark: string, sender: string) => Promise<SentWebhook>;
};

const Text = z.looseObject({ body: z.string().nullable() });

export function controlPeopleOf(
  site: Site,
  emulated: Pick<EmulatedGitHub, "as">,
  { look, tell }: ToldBy,
): ControlPeople {
  const base = `/repos/${site.owner}/${site.name}`;

  /** The text as it was, ticked in place; gives both. */
  async function tick(path: string, mark: string) {
    const { body } = Text.parse(await look(path));
    const from = body ?? "";
    const ticked = from
      .split("\n")
      .map((line) => (line.includes(mark) ? line.replace("[ ]", "[x]") : line))
      .join("\n");
    if (ticked === from) throw new RangeError(`${path} has no checkbox ${mark} to tick`);
    const now = Text.parse(await emulated.as(site.owner, "PATCH", path, { body: ticked }));
    return { now, changes: { body: { from } } };
  }
  return {
    async tickComment(issue, comment, mark, sender) {
      const { now, changes } = await tick(`${base}/issues/comments/${comment}`, mark);
      const on = await look(`${base}/issues/${issue}`);
      return tell("issue_comment", sender, { action: "edited", issue: on, comment: now, changes });
    },
    async tickPullRequest(number, mark, sender) {
      const { now, changes } = await tick(`${base}/pulls/${number}`, mark);
      return tell("pull_request", sender, { action: "edited", number, pull_request: now, changes });
    },
  };
}
