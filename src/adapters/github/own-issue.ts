import { z } from "zod";
import { RepairError } from "../../domain/errors.ts";
import type { RepoRef } from "../../domain/issue.ts";
import { headOf } from "../../domain/visible-text.ts";
import type { OwnIssue } from "../../ports/forge.ts";
import type { AppIdentity } from "./app-identity.ts";
import { bodyWithMarker } from "./body-text.ts";
import type { Call, GitHubClient } from "./github-call.ts";
import type { Creator } from "./only-one.ts";

const Listed = z.object({
  number: z.number(),
  title: z.string(),
  body: z.string().nullish(),
  state: z.string(),
  user: z.object({ login: z.string() }).nullable(),
  pull_request: z.unknown().optional(),
});
type Listed = z.infer<typeof Listed>;

const Made = z.object({ number: z.number() });

const titleLimit = 256;

/** The App's own issues that begin with the marker, oldest first; what people quote does not count. */
async function ownIssues(
  call: Call,
  client: GitHubClient,
  self: AppIdentity,
  { repo, marker }: { readonly repo: RepoRef; readonly marker: string },
): Promise<readonly Listed[]> {
  const target = {
    owner: repo.owner,
    repo: repo.name,
    creator: self.login,
    state: "all",
    per_page: 100,
  } as const;
  const issues = await call("look for the bot's issue", z.array(Listed), async () => ({
    data: await client.paginate(client.rest.issues.listForRepo, target),
  }));
  return issues
    .filter(({ user, pull_request }) => user?.login === self.login && pull_request === undefined)
    .filter(({ body }) => (body ?? "").startsWith(marker))
    .toSorted((one, other) => one.number - other.number);
}

/** The first issue says what is wanted, and every later one, frozen on its way and late, is closed. */
export async function upsertIssue(
  call: Call,
  client: GitHubClient,
  { self, creator }: { readonly self: AppIdentity; readonly creator: Creator },
  { repo, issue }: { readonly repo: RepoRef; readonly issue: OwnIssue },
): Promise<number | null> {
  const place = { owner: repo.owner, repo: repo.name };
  const wanted = { title: headOf(issue.title, titleLimit), body: bodyWithMarker(issue.marker, issue.body) };
  const look = async (): Promise<readonly Listed[] | null> => {
    const own = await ownIssues(call, client, self, { repo, marker: issue.marker });
    return own.length === 0 && issue.open ? null : own;
  };
  const own = await call.findOrMake(look, async () => {
    const creating = await creator(async () => (await look()) !== null);
    await call.once("open an issue", Made, () => creating.rest.issues.create({ ...place, ...wanted }));
    const made = await ownIssues(call, client, self, { repo, marker: issue.marker });
    if (made.length > 0) return made;
    throw new RepairError("forge-unavailable", "GitHub does not show the issue that was opened just now.");
  });
  const change = (number: number, fields: object): Promise<unknown> =>
    call("change the bot's issue", Made, () =>
      client.rest.issues.update({ ...place, issue_number: number, ...fields }),
    );
  const [first, ...doubles] = own;
  if (first === undefined) return null;
  for (const { number, state } of doubles) if (state === "open") await change(number, { state: "closed" });
  const state = issue.open ? "open" : "closed";
  // one that was closed long ago keeps what it said
  const said =
    (first.title === wanted.title && first.body === wanted.body) || (!issue.open && first.state === "closed");
  if (!said || first.state !== state) await change(first.number, { ...wanted, state });
  return first.number;
}
