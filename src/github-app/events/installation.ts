import { z } from "zod";
import { appEvent } from "../app-event.ts";
import { Installation } from "../payload.ts";
import { removeData } from "../remove-data.ts";

/** The App was uninstalled: everything about its repositories goes. */
export const installationDeleted = appEvent({
  name: "installation.deleted",
  concerns: () => true,
  payload: z.object({ installation: Installation }),
  handle: (deps, payload) =>
    removeData(deps, { kind: "installation", installation: payload.installation.id }),
});

const FullName = z.string().regex(/^[^/]+\/[^/]+$/);

/** The App may no longer see these repositories: everything about them goes. */
export const repositoriesRemoved = appEvent({
  name: "installation_repositories.removed",
  concerns: () => true,
  payload: z.object({ repositories_removed: z.array(z.object({ full_name: FullName })) }),
  handle: async (deps, payload) => {
    for (const { full_name } of payload.repositories_removed) {
      const [owner = "", name = ""] = full_name.split("/");
      await removeData(deps, { kind: "repository", repo: { owner, name } });
    }
  },
});
