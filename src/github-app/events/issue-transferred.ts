import { z } from "zod";
import { appEvent } from "../app-event.ts";
import { repoOf, Repository } from "../payload.ts";

/**
 * The issue has gone to another repository: what works on it here is called off. Where it went is not said, since not everybody
 * may know that place, and what is known of its runs stays, since their pull requests do.
 */
export const issueTransferred = appEvent({
  name: "issues.transferred",
  concerns: () => true,
  payload: z.object({ issue: z.object({ number: z.int().positive() }), repository: Repository }),
  handle: async ({ runs, logger }, { issue, repository }) => {
    for (const { id: runId } of await runs.live({ repo: repoOf(repository), number: issue.number })) {
      const given = await runs.requestCancel(runId, "GitHub: its issue was transferred");
      logger.info({ runId, given }, "called off because its issue was transferred");
    }
  },
});
