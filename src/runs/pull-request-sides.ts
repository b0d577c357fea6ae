import { z } from "zod";
import type { RepoRef } from "../domain/issue.ts";
import type { Journal } from "../ports/journal.ts";
import type { PullRequests } from "../ports/pull-requests.ts";

const Pinned = z.object({
  kind: z.literal("pinned"),
  number: z.int(),
  own: z.boolean(),
  branch: z.string(),
  headSha: z.string(),
  base: z.string(),
  forkPoint: z.string(),
});

const Sides = z.discriminatedUnion("kind", [
  Pinned,
  z.object({ kind: z.literal("refused"), why: z.enum(["gone", "closed", "foreign", "unrelated"]) }),
]);

/** Both sides of a pull request as a run works on them, whatever is pushed later and however often the run resumes. */
export type PinnedPullRequest = z.infer<typeof Pinned>;
export type PullRequestRefusal = Extract<z.infer<typeof Sides>, { kind: "refused" }>["why"];

/**
 * Reads a pull request once per run. Code of another repository is refused: whoever may write there could push what the
 * bot then runs and answers for.
 */
export const pinSides = (
  journal: Journal,
  pullRequests: PullRequests,
  repo: RepoRef,
  number: number,
): Promise<z.infer<typeof Sides>> =>
  journal.step("pull-request", { number }, Sides, async () => {
    const pull = await pullRequests.pullRequest(repo, number);
    if (pull === null) return { kind: "refused", why: "gone" };
    if (!pull.open) return { kind: "refused", why: "closed" };
    const { head, base, own } = pull;
    if (head.foreign) return { kind: "refused", why: "foreign" };
    const forkPoint = await pullRequests.forkPoint(repo, base.sha, head.sha);
    if (forkPoint === null) return { kind: "refused", why: "unrelated" };
    return {
      kind: "pinned",
      number,
      own,
      branch: head.branch,
      headSha: head.sha,
      base: base.branch,
      forkPoint,
    };
  });
