import { z } from "zod";
import { editionOf } from "../../domain/edition.ts";
import { RepairError } from "../../domain/errors.ts";
import type { IssueRef } from "../../domain/issue.ts";
import type { Proposal } from "../../ports/forge.ts";
import type { AppIdentity } from "./app-identity.ts";
import type { Call, GitHubClient } from "./github-call.ts";

export const Pull = z.object({
  number: z.number(),
  node_id: z.string(),
  html_url: z.string(),
  state: z.string(),
  draft: z.boolean().default(false),
  title: z.string(),
  body: z.string().nullable(),
  user: z.object({ login: z.string() }).nullable(),
  head: z.object({ ref: z.string(), sha: z.string() }),
  base: z.object({ ref: z.string() }),
});
export type Pull = z.infer<typeof Pull>;

/** Tells people and tools which issue a pull request of the bot belongs to. */
export const issueMarker = (ref: IssueRef): string => `<!-- copatcher:pull-request:issue=${ref.number} -->`;

/** Pull requests from the proposal's branch, open and closed, also those that people gave another base. */
export async function pullsOf(
  call: Call,
  client: GitHubClient,
  { issue, branch }: Proposal,
): Promise<readonly Pull[]> {
  const { owner, name: repo } = issue.repo;
  const wanted = { owner, repo, head: `${owner}:${branch}`, state: "all", per_page: 100 } as const;
  return call("look for an earlier pull request", z.array(Pull), () => client.rest.pulls.list(wanted));
}

/** The one with the texts of the proposal's run, whatever people did with it and its branch since. */
export const ofThisRun = (pulls: readonly Pull[], self: AppIdentity, proposal: Proposal): Pull | undefined =>
  pulls.find((pull) => {
    const shown = editionOf(issueMarker(proposal.issue), pull.body ?? "");
    return shown !== null && shown.run === proposal.edition?.run && pull.user?.login === self.login;
  });

/** The open one; throws `forge-rejected` when it is somebody else's, or goes elsewhere. */
export function openOne(pulls: readonly Pull[], self: AppIdentity, proposal: Proposal): Pull | undefined {
  const pull = pulls.find(({ state }) => state === "open");
  if (pull === undefined) return undefined;
  const said = `Pull request #${pull.number} from the branch ${proposal.branch}`;
  if (pull.user?.login !== self.login) {
    throw new RepairError("forge-rejected", `${said} is not the bot's. Close it first.`);
  }
  if (pull.base.ref === proposal.base.name) return pull;
  const bases = `goes to ${pull.base.ref}, not to ${proposal.base.name}`;
  throw new RepairError("forge-rejected", `${said} ${bases}. Change its base, or close it first.`);
}
