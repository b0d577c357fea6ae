import { z } from "zod";
import type { AppEvent } from "../app-event.ts";
import { appEvent } from "../app-event.ts";
import { aboutPullRequest, millisecondsOf, onBotsPullRequest } from "../our-pull-request.ts";
import { repoOf } from "../payload.ts";

const Closed = z.object({
  ...aboutPullRequest,
  pull_request: aboutPullRequest.pull_request.extend({
    merged: z.boolean(),
    merge_commit_sha: z.string().nullish(),
    closed_at: z.string(),
  }),
});

const closed = appEvent({
  name: "pull_request.closed",
  concerns: onBotsPullRequest,
  payload: Closed,
  handle: async (deps, { repository, sender, pull_request: pull }) => {
    const [repo, number] = [repoOf(repository), pull.number];
    await deps.runs.notePullRequest(repo, number, false, millisecondsOf(pull.closed_at));
    const end = { headSha: pull.head.sha, by: sender.login, at: pull.closed_at };
    const mergeSha = pull.merge_commit_sha ?? null;
    await deps.recordFeedback({
      repo,
      number,
      feedback: pull.merged ? { what: "merged", mergeSha, ...end } : { what: "closed", ...end },
    });
  },
});

const reopened = appEvent({
  name: "pull_request.reopened",
  concerns: onBotsPullRequest,
  payload: z.object(aboutPullRequest),
  handle: async (deps, { repository, sender, pull_request: pull }) => {
    const [repo, number] = [repoOf(repository), pull.number];
    await deps.runs.notePullRequest(repo, number, true, millisecondsOf(pull.updated_at));
    const feedback = {
      what: "reopened",
      headSha: pull.head.sha,
      by: sender.login,
      at: pull.updated_at,
    } as const;
    await deps.recordFeedback({ repo, number, feedback });
  },
});

const synchronized = appEvent({
  name: "pull_request.synchronize",
  concerns: onBotsPullRequest,
  payload: z.object({ ...aboutPullRequest, before: z.string() }),
  handle: (deps, { repository, sender, before, pull_request: pull }) =>
    deps.recordFeedback({
      repo: repoOf(repository),
      number: pull.number,
      feedback: {
        what: "pushed",
        before,
        headSha: pull.head.sha,
        // the event names only the ends of the push
        commits: [],
        by: sender.login,
        at: pull.updated_at,
      },
    }),
});

/** What happened to a pull request of ours: limits count the open ones, the record keeps how each ended. */
export const pullRequestEvents: readonly AppEvent[] = [closed, reopened, synchronized];
