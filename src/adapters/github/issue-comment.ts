import { z } from "zod";
import type { IssueRef } from "../../domain/issue.ts";
import type { AppIdentity } from "./app-identity.ts";
import { bodyWithMarker } from "./body-text.ts";
import type { Call, GitHubClient } from "./github-call.ts";

const Comment = z.object({
  id: z.number(),
  body: z.string().nullish(),
  user: z.object({ login: z.string() }).nullable(),
});
type Comment = z.infer<typeof Comment>;

const Written = z.object({ id: z.number() });

/**
 * The App's own comment that starts with the marker. A person who quotes it does not take its place, nor does another
 * comment of the App with output that a stranger made print it.
 */
async function ownComment(
  call: Call,
  client: GitHubClient,
  self: AppIdentity,
  ref: IssueRef,
  marker: string,
): Promise<Comment | null> {
  const target = { owner: ref.repo.owner, repo: ref.repo.name, issue_number: ref.number, per_page: 100 };
  const comments = await call("look for the bot's comment", z.array(Comment), async () => ({
    data: await client.paginate(client.rest.issues.listComments, target),
  }));
  const isOwn = ({ user, body }: Comment): boolean =>
    user?.login === self.login && (body ?? "").startsWith(marker);
  return comments.find(isOwn) ?? null;
}

/** Edits the App's comment that carries `marker`, or writes it; an unchanged one is left alone. Returns its id. */
export async function upsertComment(
  call: Call,
  client: GitHubClient,
  self: AppIdentity,
  comment: { readonly ref: IssueRef; readonly marker: string; readonly body: string },
): Promise<number> {
  const { ref, marker } = comment;
  const body = bodyWithMarker(marker, comment.body);
  const target = { owner: ref.repo.owner, repo: ref.repo.name, body };
  const existing = await ownComment(call, client, self, ref, marker);
  if (existing === null) {
    const written = await call("comment on the issue", Written, () =>
      client.rest.issues.createComment({ ...target, issue_number: ref.number }),
    );
    return written.id;
  }
  if (existing.body !== body) {
    await call("edit the bot's comment", Written, () =>
      client.rest.issues.updateComment({ ...target, comment_id: existing.id }),
    );
  }
  return existing.id;
}
