import { z } from "zod";
import { appEvent } from "../app-event.ts";
import { repoOf, Repository } from "../payload.ts";
import { removeData } from "../remove-data.ts";

/** The issue is gone: so is everything about it. */
export const issueDeleted = appEvent({
  name: "issues.deleted",
  concerns: () => true,
  payload: z.object({ issue: z.object({ number: z.int().positive() }), repository: Repository }),
  handle: (deps, { issue, repository }) =>
    removeData(deps, { kind: "issue", issue: { repo: repoOf(repository), number: issue.number } }),
});
