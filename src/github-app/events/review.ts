import { z } from "zod";
import { appEvent } from "../app-event.ts";
import { aboutPullRequest, onOurPullRequest } from "../our-pull-request.ts";
import { repoOf } from "../payload.ts";

const Review = z.object({
  id: z.int(),
  state: z.enum(["approved", "changes_requested", "commented", "dismissed"]),
  body: z.string().nullish(),
  commit_id: z.string().nullish(),
  submitted_at: z.string(),
});

/** Someone reviewed a pull request of ours; its remarks come one by one as `pull_request_review_comment`. */
export const reviewSubmitted = appEvent({
  name: "pull_request_review.submitted",
  concerns: onOurPullRequest,
  payload: z.object({ ...aboutPullRequest, review: Review }),
  handle: (deps, { repository, sender, review, pull_request: pull }) =>
    deps.recordFeedback({
      repo: repoOf(repository),
      number: pull.number,
      feedback: {
        what: "reviewed",
        review: review.id,
        state: review.state,
        text: review.body ?? "",
        remarks: [],
        headSha: review.commit_id ?? pull.head.sha,
        by: sender.login,
        at: review.submitted_at,
      },
    }),
});

const Comment = z.object({
  id: z.int(),
  path: z.string(),
  line: z.int().nullish(),
  side: z.enum(["LEFT", "RIGHT"]).nullish(),
  commit_id: z.string().nullish(),
  body: z.string(),
  created_at: z.string(),
});

/** Someone remarked on a place of our patch. */
export const reviewCommented = appEvent({
  name: "pull_request_review_comment.created",
  concerns: onOurPullRequest,
  payload: z.object({ ...aboutPullRequest, comment: Comment }),
  handle: (deps, { repository, sender, comment, pull_request: pull }) =>
    deps.recordFeedback({
      repo: repoOf(repository),
      number: pull.number,
      feedback: {
        what: "remarked",
        remark: {
          id: comment.id,
          path: comment.path,
          line: comment.line ?? null,
          side: comment.side ?? null,
          commit: comment.commit_id ?? null,
          text: comment.body,
        },
        by: sender.login,
        at: comment.created_at,
      },
    }),
});
