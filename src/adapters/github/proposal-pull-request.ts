import { compareEditions, editionLine, editionOf } from "../../domain/edition.ts";
import { headOf } from "../../domain/visible-text.ts";
import type { Proposal } from "../../ports/forge.ts";
import type { Logger } from "../../ports/logger.ts";
import type { AppIdentity } from "./app-identity.ts";
import { bodyWithMarker } from "./body-text.ts";
import { statusOf } from "./github-error.ts";
import type { Call, GitHubClient } from "./github-call.ts";
import { issueMarker, openOne, Pull, pullsOf } from "./proposal-pulls.ts";

const titleLimit = 256;

type Wanted = { readonly title: string; readonly body: string };

function wantedOf({ issue, edition, title, body }: Proposal): Wanted {
  const marker = issueMarker(issue);
  const head = edition === undefined ? marker : `${marker}\n${editionLine(edition)}`;
  return { title: headOf(title, titleLimit), body: bodyWithMarker(head, body) };
}

/**
 * Whether the pull request has had the texts of this run or of a later one; people may have changed them since. They may
 * even have deleted what tells so: then the bot wrote them with the commit that was there already.
 */
function isShown(pull: Pull, proposal: Proposal, moved: boolean): boolean {
  const wanted = wantedOf(proposal);
  if (pull.title === wanted.title && pull.body === wanted.body) return true;
  if (proposal.edition === undefined) return false;
  const shown = editionOf(issueMarker(proposal.issue), pull.body ?? "");
  if (shown === null) return !moved;
  return shown.run === proposal.edition.run || compareEditions(shown, proposal.edition) > 0;
}

async function update(
  call: Call,
  client: GitHubClient,
  proposal: Proposal,
  { pull, moved }: { readonly pull: Pull; readonly moved: boolean },
): Promise<Pull> {
  if (isShown(pull, proposal, moved)) return pull;
  const wanted = wantedOf(proposal);
  const { owner, name } = proposal.issue.repo;
  return call("update the pull request", Pull, () =>
    client.rest.pulls.update({ owner, repo: name, pull_number: pull.number, ...wanted }),
  );
}

async function create(call: Call, client: GitHubClient, proposal: Proposal, logger: Logger): Promise<Pull> {
  const { owner, name } = proposal.issue.repo;
  const target = { owner, repo: name, head: proposal.branch, base: proposal.base.name };
  const open = (draft: boolean): Promise<Pull> =>
    call.once("open the pull request", Pull, () =>
      client.rest.pulls.create({ ...target, ...wantedOf(proposal), draft }),
    );
  try {
    return await open(proposal.draft);
  } catch (error) {
    // Private repositories on some plans have no drafts; the body says what is not verified in any case.
    const noDrafts = statusOf(error) === 422 && /draft pull requests are not/i.test(String(error));
    if (!proposal.draft || !noDrafts) throw error;
    logger.warn({ branch: proposal.branch }, "the repository has no draft pull requests");
    return open(false);
  }
}

/**
 * The one pull request of the proposal: the open one, brought up to date; a closed one that already showed this very
 * commit, as it is; or a new one. `moved` tells that the branch has just got this commit.
 */
export async function putPullRequest(
  deps: { readonly call: Call; readonly client: GitHubClient; readonly logger: Logger },
  self: AppIdentity,
  proposal: Proposal,
  { head, moved }: { readonly head: { readonly sha: string }; readonly moved: boolean },
): Promise<Pull> {
  const { call, client, logger } = deps;
  const look = async (): Promise<Pull | null> => {
    const pulls = await pullsOf(call, client, proposal);
    const open = openOne(pulls, self, proposal);
    if (open !== undefined) return update(call, client, proposal, { pull: open, moved });
    return pulls.find((pull) => pull.head.sha === head.sha) ?? null;
  };
  return call.findOrMake(look, async () => {
    try {
      return await create(call, client, proposal, logger);
    } catch (error) {
      // Someone (a worker that lost its lease) was faster, and GitHub allows one per branch.
      const existsNow = statusOf(error) === 422 ? await look() : null;
      if (existsNow === null) throw error;
      return existsNow;
    }
  });
}
