import { z } from "zod";
import { repoSlug } from "../../domain/issue.ts";
import type { Renaming } from "../../ports/kept-data.ts";
import { appEvent } from "../app-event.ts";
import type { DeliveryDependencies } from "../delivery-dependencies.ts";
import { Installation, repoOf, Repository } from "../payload.ts";
import { liveRuns, removeData } from "../remove-data.ts";

async function rename({ data, logger }: DeliveryDependencies, renaming: Renaming): Promise<void> {
  const renamed = await data.rename(renaming);
  const names = { from: repoSlug(renaming.from), to: repoSlug(renaming.to) };
  logger.info({ ...names, renamed }, "a repository has another name");
}

/** What is stored about the repository gets its new name. A run that is at work goes on: GitHub leads the old name on. */
export const repositoryRenamed = appEvent({
  name: "repository.renamed",
  concerns: () => true,
  payload: z.object({
    installation: Installation,
    repository: Repository,
    changes: z.object({ repository: z.object({ name: z.object({ from: z.string() }) }) }),
  }),
  handle: (deps, { installation, repository, changes }, told) => {
    const to = repoOf(repository);
    const from = { ...to, name: changes.repository.name.from };
    return rename(deps, { from, to, installation: installation.id, told });
  },
});

const Account = z.object({ login: z.string() }).nullish();

/**
 * The repository has another owner. An installation never has two: when the one that tells it is the one whose runs are
 * stored, the new owner does not let the App see it, and everything about it goes, as when the App is taken off it.
 * Else it gets the new name; its live runs are called off, since the old owner's installation may not write there.
 */
export const repositoryTransferred = appEvent({
  name: "repository.transferred",
  concerns: () => true,
  payload: z.object({
    installation: Installation.optional(),
    repository: Repository,
    changes: z.object({ owner: z.object({ from: z.object({ user: Account, organization: Account }) }) }),
  }),
  handle: async (deps, { installation, repository, changes }, told) => {
    const to = repoOf(repository);
    const { user, organization } = changes.owner.from;
    const from = { ...to, owner: (user ?? organization)?.login ?? to.owner };
    const earlier = await deps.data.installationsOf(from);
    if (installation === undefined || earlier.includes(installation.id)) {
      await removeData(deps, { kind: "repository", repo: from });
      return;
    }
    for (const { id } of await liveRuns(deps, { kind: "repository", repo: from }))
      await deps.runs.requestCancel(id, "GitHub: its repository was transferred");
    await rename(deps, { from, to, installation: installation.id, told });
  },
});
