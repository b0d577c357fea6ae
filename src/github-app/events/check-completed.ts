import { z } from "zod";
import { settingsCheckPrefix } from "../../runs/settings-check.ts";
import { validationCheckPrefix } from "../../runs/validation-check.ts";
import { appEvent, fieldAt } from "../app-event.ts";
import { repoOf, Repository } from "../payload.ts";

/** Branches of ours, unless the settings name them: a repository has many checks, and each that is kept is a write. */
const ownBranch = "copatcher/";

const ownChecks = [validationCheckPrefix, settingsCheckPrefix];

const beginsWith = (value: unknown, starts: readonly string[]): boolean =>
  typeof value === "string" && starts.some((start) => value.startsWith(start));

/** A check of the repository's own has ended on a pull request of ours: the record keeps what CI said of the patch. */
export const checkCompleted = appEvent({
  name: "check_run.completed",
  concerns: (payload) =>
    beginsWith(fieldAt(payload, "check_run", "check_suite", "head_branch"), [ownBranch]) &&
    !beginsWith(fieldAt(payload, "check_run", "external_id"), ownChecks),
  payload: z.object({
    repository: Repository,
    check_run: z.object({
      name: z.string(),
      head_sha: z.string(),
      conclusion: z.string(),
      completed_at: z.string(),
      pull_requests: z.array(z.object({ number: z.int().positive() })),
    }),
  }),
  handle: async (deps, { repository, check_run: check }) => {
    const { name, head_sha: headSha, conclusion, completed_at: at } = check;
    for (const { number } of check.pull_requests)
      await deps.recordFeedback({
        repo: repoOf(repository),
        number,
        feedback: { what: "checks", name, headSha, conclusion, at },
      });
  },
});
