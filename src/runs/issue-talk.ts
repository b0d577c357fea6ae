import { z } from "zod";
import { withoutCommands } from "../domain/command/command-line.ts";
import type { IssueComment } from "../domain/issue-comment.ts";
import type { RunRequest } from "../domain/run.ts";
import type { ContextSettings } from "../domain/settings/context.ts";
import { headOf } from "../domain/visible-text.ts";
import type { Forge } from "../ports/forge.ts";
import type { Journal } from "../ports/journal.ts";
import { sameLogin } from "./authorize.ts";
import { peopleWithRole } from "./heard-people.ts";

const Talk = z.object({
  /** Oldest first. */
  comments: z.array(z.object({ author: z.string(), body: z.string() })),
  /** How many were not taken: of people without the role, and written before but changed after the request. */
  unheard: z.int(),
  changed: z.int(),
});

/** What people said on the issue before the run was asked for, as far as the models see it. */
export type IssueTalk = z.infer<typeof Talk>;

const longestComment = 20_000;
const nothing: IssueTalk = { comments: [], unheard: 0, changed: 0 };

/**
 * Reads the talk once per run. A comment that was changed after the request is left out whole, since the forge does not
 * tell what it was; where nobody knows when the run was asked for, there is no talk.
 */
export const pinTalk = (
  journal: Journal,
  forge: Forge,
  { issue, trigger }: Pick<RunRequest, "issue" | "trigger">,
  { min_role: role, include_author: withAuthor, max_comments: most }: ContextSettings,
): Promise<IssueTalk> =>
  journal.step("issue-talk", { role, withAuthor, most }, Talk, async () => {
    if (trigger.at === undefined || most === 0) return nothing;
    const asked = Date.parse(trigger.at);
    // a forge tells whole seconds, so what is as old as the request may be younger
    const earlier = (await forge.issueTalk(issue.ref)).filter(
      ({ bot, createdAt }) => !bot && createdAt < asked,
    );
    const kept = earlier.filter(({ changedAt }) => changedAt < asked).toReversed();
    const isAuthors = ({ author }: IssueComment): boolean => withAuthor && sameLogin(author, issue.author);
    const others = kept.flatMap((comment) => (isAuthors(comment) ? [] : [comment.author]));
    const heard = await peopleWithRole(forge, issue.ref.repo, role, others);
    const taken = kept.filter((comment) => isAuthors(comment) || heard.has(comment.author));
    const slug = await forge.slug();
    const comments = taken
      .slice(0, most)
      .toReversed()
      .map(({ author, body }) => ({ author, body: withoutCommands(headOf(body, longestComment), slug) }));
    return { comments, unheard: kept.length - taken.length, changed: earlier.length - kept.length };
  });

/** What people must know of what was left out, a sentence each. */
export function talkNotes(
  { unheard, changed }: IssueTalk,
  { min_role: role }: ContextSettings,
): readonly string[] {
  const are = (count: number, is: string, many: string): string =>
    `${count} of the comments ${count === 1 ? is : many}`;
  return [
    ...(unheard === 0
      ? []
      : [
          `context.min_role: ${are(unheard, "is", "are")} by people without ${role} access and ${unheard === 1 ? "was" : "were"} not shown to the models`,
        ]),
    ...(changed === 0
      ? []
      : [
          `context: ${are(changed, "was", "were")} changed after the request and ${changed === 1 ? "was" : "were"} not shown to the models`,
        ]),
  ];
}
