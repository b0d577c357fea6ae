import { z } from "zod";
import type { RepoRef } from "../../domain/issue.ts";
import { onboard } from "../../runs/onboard.ts";
import { tellRefusedRuns } from "../../runs/refused-runs.ts";
import { appEvent } from "../app-event.ts";
import type { DeliveryDependencies } from "../delivery-dependencies.ts";
import { Installation } from "../payload.ts";
import { removeData } from "../remove-data.ts";

const Named = z.object({ full_name: z.string().regex(/^[^/]+\/[^/]+$/) });

const repoOf = ({ full_name }: z.infer<typeof Named>): RepoRef => {
  const [owner = "", name = ""] = full_name.split("/");
  return { owner, name };
};

async function welcome(
  { forges, logger, onboarding }: DeliveryDependencies,
  installation: number,
  named: readonly z.infer<typeof Named>[],
): Promise<void> {
  if (onboarding === null) return;
  await onboard({ logger, onboarding }, forges.forInstallation(installation), named.map(repoOf));
}

/** The App was installed: repositories without settings are offered some, where the operator says so. */
export const installationCreated = appEvent({
  name: "installation.created",
  concerns: () => true,
  payload: z.object({ installation: Installation, repositories: z.array(Named).default([]) }),
  handle: (deps, { installation, repositories }) => welcome(deps, installation.id, repositories),
});

/** The same for repositories that the App may see from now on. */
export const repositoriesAdded = appEvent({
  name: "installation_repositories.added",
  concerns: () => true,
  payload: z.object({ installation: Installation, repositories_added: z.array(Named) }),
  handle: (deps, { installation, repositories_added }) => welcome(deps, installation.id, repositories_added),
});

/** The owner accepted permissions that the App asks for by now: tokens bring them by themselves, people want to know. */
export const permissionsAccepted = appEvent({
  name: "installation.new_permissions_accepted",
  concerns: () => true,
  payload: z.object({ installation: Installation }),
  handle: (deps, { installation }) =>
    tellRefusedRuns(deps, deps.forges.forInstallation(installation.id), installation.id),
});

/** The App was uninstalled: everything about its repositories goes. */
export const installationDeleted = appEvent({
  name: "installation.deleted",
  concerns: () => true,
  payload: z.object({ installation: Installation }),
  handle: (deps, payload) =>
    removeData(deps, { kind: "installation", installation: payload.installation.id }),
});

/** The App may no longer see these repositories: everything about them goes, unless another installation has them by now. */
export const repositoriesRemoved = appEvent({
  name: "installation_repositories.removed",
  concerns: () => true,
  payload: z.object({ installation: Installation, repositories_removed: z.array(Named) }),
  handle: async (deps, payload) => {
    for (const named of payload.repositories_removed) {
      const repo = repoOf(named);
      const holders = await deps.data.installationsOf(repo);
      if (holders.length === 0 || holders.includes(payload.installation.id))
        await removeData(deps, { kind: "repository", repo });
    }
  },
});
