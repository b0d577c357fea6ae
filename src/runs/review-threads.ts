import { z } from "zod";
import type { IssueRef } from "../domain/issue.ts";
import type { Role } from "../domain/settings/permissions.ts";
import { headOf } from "../domain/visible-text.ts";
import type { Forge } from "../ports/forge.ts";
import type { Journal } from "../ports/journal.ts";
import { peopleWithRole } from "./heard-people.ts";

const Remark = z.object({ id: z.int(), author: z.string(), own: z.boolean(), body: z.string() });
const Pinned = z.object({
  threads: z.array(
    z.object({
      path: z.string(),
      line: z.int().nullable(),
      /** The remark that begins it: answers go there. */
      first: z.int(),
      comments: z.array(Remark),
    }),
  ),
  leftOut: z.int(),
});

/** The open threads of a pull request as of the run's beginning, and how many remarks were left out. */
export type PinnedThreads = z.infer<typeof Pinned>;
export type PinnedThread = PinnedThreads["threads"][number];

/** What a run keeps; threads beyond that are for the next revision. */
const mostThreads = 50;
const mostRemarks = 20;
const longestRemark = 10_000;

/**
 * Reads the threads once per run. Only remarks of people with the role in the repository count: on a public one everybody
 * can write them.
 */
export const pinThreads = (
  journal: Journal,
  forge: Forge,
  pullRequest: IssueRef,
  role: Role,
): Promise<PinnedThreads> =>
  journal.step("review-threads", { number: pullRequest.number }, Pinned, async () => {
    const { repo, number } = pullRequest;
    const all = await forge.pullRequests.reviewThreads(repo, number);
    const open = all.filter(({ resolved }) => !resolved);
    // later remarks have higher numbers
    const remarks = open.flatMap(({ comments }) => comments).toSorted((one, other) => other.id - one.id);
    const authors = remarks.flatMap(({ own, author }) => (own ? [] : [author]));
    const trusted = await peopleWithRole(forge, repo, role, authors);
    let leftOut = 0;
    const threads = open.flatMap(({ path, line, comments }): PinnedThread[] => {
      const heard = comments.filter(({ own, author }) => own || trusted.has(author)).slice(-mostRemarks);
      leftOut += comments.filter(({ own, author }) => !own && !trusted.has(author)).length;
      const [first] = comments;
      const asks = heard.some(({ own }) => !own);
      const kept = heard.map((remark) => ({ ...remark, body: headOf(remark.body, longestRemark) }));
      return first === undefined || !asks ? [] : [{ path, line, first: first.id, comments: kept }];
    });
    // strangers' threads must not take the places of those that count
    return { threads: threads.slice(0, mostThreads), leftOut };
  });
