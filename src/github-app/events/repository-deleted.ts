import { z } from "zod";
import { appEvent } from "../app-event.ts";
import { repoOf, Repository } from "../payload.ts";
import { removeData } from "../remove-data.ts";

/** The repository is gone: so is everything about it. */
export const repositoryDeleted = appEvent({
  name: "repository.deleted",
  concerns: () => true,
  payload: z.object({ repository: Repository }),
  handle: (deps, { repository }) => removeData(deps, { kind: "repository", repo: repoOf(repository) }),
});
