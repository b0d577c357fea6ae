import { z } from "zod";
import type { IssueRef } from "../../domain/issue.ts";
import { bodyLimit, capped } from "./body-text.ts";
import type { Call, GitHubClient } from "./github-call.ts";

const Pull = z.object({ body: z.string().nullable() });
const Reply = z.object({
  id: z.number(),
  body: z.string(),
  in_reply_to_id: z.number().nullish(),
  user: z.object({ login: z.string() }).nullable(),
});

const endOf = (marker: string): string => marker.replace("<!-- ", "<!-- /");

/** The text with the section below the hidden lines that it begins with; an earlier one with the marker goes. */
export function withSection(body: string, marker: string, text: string): string {
  const end = endOf(marker);
  const from = body.indexOf(marker);
  const to = from === -1 ? -1 : body.indexOf(end, from);
  const rest = to === -1 ? body : body.slice(0, from) + body.slice(to + end.length).replace(/^\n{1,2}/, "");
  const hidden = /^(?:<!-- copatcher:[^\n]*-->\r?\n)*/.exec(rest)?.[0] ?? "";
  // what a program printed cannot end the section
  const whole = text.replaceAll(end, "");
  return `${hidden}${marker}\n${whole}\n\n${end}\n\n${rest.slice(hidden.length)}`;
}

export async function putSection(
  call: Call,
  client: GitHubClient,
  { repo, number }: IssueRef,
  section: { readonly marker: string; readonly text: string },
): Promise<void> {
  const target = { owner: repo.owner, repo: repo.name, pull_number: number };
  const pull = await call("read the pull request", Pull, () => client.rest.pulls.get(target));
  const before = pull.body ?? "";
  const body = withSection(before, section.marker, section.text);
  // what people wrote is not cut for it
  if (body === before || body.length > bodyLimit) return;
  await call("update the pull request's text", Pull, () => client.rest.pulls.update({ ...target, body }));
}

/** Answers a review thread, unless the App's answer with the marker is there. */
export async function replyTo(
  call: Call,
  client: GitHubClient,
  login: string,
  answer: {
    readonly pullRequest: IssueRef;
    readonly comment: number;
    readonly marker: string;
    readonly body: string;
  },
): Promise<void> {
  const { pullRequest, comment, marker } = answer;
  const { owner, name } = pullRequest.repo;
  const target = { owner, repo: name, pull_number: pullRequest.number };
  const look = async () => {
    const replies = await call("look for the bot's answer", z.array(Reply), async () => ({
      data: await client.paginate(client.rest.pulls.listReviewComments, { ...target, per_page: 100 }),
    }));
    const own = replies.find(
      (reply) =>
        reply.in_reply_to_id === comment && reply.user?.login === login && reply.body.startsWith(marker),
    );
    return own ?? null;
  };
  const body = capped(`${marker}\n${answer.body}`);
  await call.findOrMake(look, () =>
    call.once("answer a review thread", Reply, () =>
      client.rest.pulls.createReplyForReviewComment({ ...target, comment_id: comment, body }),
    ),
  );
}
