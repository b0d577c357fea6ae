import { z } from "zod";
import { compareEditions, editionLine, editionOf, type Edition } from "../../domain/edition.ts";
import type { IssueRef } from "../../domain/issue.ts";
import type { AppIdentity } from "./app-identity.ts";
import { bodyWithMarker } from "./body-text.ts";
import type { Call, GitHubClient } from "./github-call.ts";
import { statusOf } from "./github-error.ts";
import type { Creator } from "./only-one.ts";

const Comment = z.object({
  id: z.number(),
  body: z.string().nullish(),
  user: z.object({ login: z.string() }).nullable(),
});
type Seen = { readonly id: number; readonly body: string };

const Written = z.object({ id: z.number() });

type Wanted = {
  readonly ref: IssueRef;
  readonly marker: string;
  readonly body: string;
  readonly edition: Edition | null;
};

/**
 * Edits the App's comment that carries the marker, or writes it; an unchanged one is left alone, and one of a newer
 * edition keeps its text. Returns its id.
 */
export async function upsertComment(
  call: Call,
  client: GitHubClient,
  { self, creator }: { readonly self: AppIdentity; readonly creator: Creator },
  wanted: Wanted,
): Promise<number> {
  const { ref, marker, edition } = wanted;
  const head = edition === null ? marker : `${marker}\n${editionLine(edition)}`;
  const body = bodyWithMarker(head, wanted.body);
  const repo = { owner: ref.repo.owner, repo: ref.repo.name };
  const look = async (): Promise<readonly Seen[] | null> => {
    const own = await ownComments(call, client, self, wanted);
    return own.length === 0 ? null : own;
  };
  const own = await call.findOrMake(look, async () => {
    const creating = await creator(async () => (await look()) !== null);
    const { id } = await call.once("comment on the issue", Written, () =>
      creating.rest.issues.createComment({ ...repo, issue_number: ref.number, body }),
    );
    // one that was frozen on its way may have arrived
    const others = (await ownComments(call, client, self, wanted)).filter((other) => other.id !== id);
    return [...others, { id, body }].toSorted((one, other) => one.id - other.id);
  });
  return settle(call, client, own, { repo, marker, text: { body, edition } });
}

/**
 * The App's own comments that start with the marker, oldest first. A person who quotes it does not take their place, nor
 * does another comment of the App with output that a stranger made print it.
 */
async function ownComments(
  call: Call,
  client: GitHubClient,
  self: AppIdentity,
  { ref, marker }: Wanted,
): Promise<readonly Seen[]> {
  const target = { owner: ref.repo.owner, repo: ref.repo.name, issue_number: ref.number, per_page: 100 };
  const comments = await call("look for the bot's comment", z.array(Comment), async () => ({
    data: await client.paginate(client.rest.issues.listComments, target),
  }));
  return comments
    .filter(({ user }) => user?.login === self.login)
    .map(({ id, body }) => ({ id, body: body ?? "" }))
    .filter(({ body }) => body.startsWith(marker))
    .toSorted((one, other) => one.id - other.id);
}

type Text = { readonly body: string; readonly edition: Edition | null };

/** The first comment gets the newest text and the others go: whoever does this comes to the same end. */
async function settle(
  call: Call,
  client: GitHubClient,
  own: readonly Seen[],
  wanted: {
    readonly repo: { readonly owner: string; readonly repo: string };
    readonly marker: string;
    readonly text: Text;
  },
): Promise<number> {
  const { repo, marker, text } = wanted;
  const [first, ...doubles] = own;
  if (first === undefined) throw new RangeError("there is a comment to settle on");
  const newest = own
    .map(({ body }): Text => ({ body, edition: editionOf(marker, body) }))
    .filter(({ edition }) => text.edition !== null && compareEditions(edition, text.edition) > 0)
    .reduce<Text>((best, other) => (compareEditions(other.edition, best.edition) > 0 ? other : best), text);
  if (first.body !== newest.body) {
    await call("edit the bot's comment", Written, () =>
      client.rest.issues.updateComment({ ...repo, comment_id: first.id, body: newest.body }),
    );
  }
  for (const { id } of doubles) {
    try {
      await call("take a second comment back", z.unknown(), () =>
        client.rest.issues.deleteComment({ ...repo, comment_id: id }),
      );
    } catch (error) {
      if (statusOf(error) !== 404) throw error;
    }
  }
  return first.id;
}
