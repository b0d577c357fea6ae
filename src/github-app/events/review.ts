import { z } from "zod";
import type { Issue } from "../../domain/issue.ts";
import { ghost } from "../../domain/login.ts";
import { refusalFor } from "../../runs/authorize.ts";
import { requestRun } from "../../runs/request-run.ts";
import { settingsForRequest } from "../../runs/settings-request.ts";
import { appEvent } from "../app-event.ts";
import type { DeliveryDependencies } from "../delivery-dependencies.ts";
import { aboutPullRequest, onBotsPullRequest } from "../our-pull-request.ts";
import { Installation, repoOf } from "../payload.ts";

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
  concerns: onBotsPullRequest,
  payload: z.object({
    ...aboutPullRequest,
    installation: Installation.optional(),
    pull_request: aboutPullRequest.pull_request.extend({
      title: z.string().default(""),
      body: z.string().nullish(),
      user: z.object({ login: z.string() }).nullish(),
    }),
    review: Review,
  }),
  handle: async (deps, { installation, repository, sender, review, pull_request: pull }, delivery) => {
    const repo = repoOf(repository);
    await deps.recordFeedback({
      repo,
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
    });
    if (review.state !== "changes_requested" || sender.type === "Bot" || installation === undefined) return;
    await followUp(deps, {
      installation: installation.id,
      issue: {
        ref: { repo, number: pull.number },
        title: pull.title,
        body: pull.body ?? "",
        author: pull.user?.login ?? ghost,
      },
      sender: sender.login,
      text: review.body ?? "",
      delivery,
      at: review.submitted_at,
    });
  },
});

type FollowUp = {
  readonly installation: number;
  /** The pull request, as it was then. */
  readonly issue: Issue;
  readonly sender: string;
  readonly text: string;
  readonly delivery: string;
  readonly at: string;
};

/** A review is no command, so whoever may not start a revision is not told so. */
async function followUp(deps: DeliveryDependencies, ask: FollowUp): Promise<void> {
  const { installation, issue, sender, text, delivery, at } = ask;
  const { repo, number } = issue.ref;
  if ((await deps.runOfPullRequest(repo, number)) === null) return;
  const forge = deps.forges.forInstallation(installation);
  const { trigger, permissions } = await settingsForRequest(deps, forge, repo);
  if (!trigger.review_followup) return;
  if ((await refusalFor(deps, forge, permissions, { repo, sender, right: "fix" })) !== null) return;
  await requestRun(deps, {
    kind: "revision",
    installation,
    issue,
    trigger: { kind: "command", sender, delivery, at },
    label: null,
    pullRequest: number,
    ...(text.trim() === "" ? {} : { hint: text }),
  });
}

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
  concerns: onBotsPullRequest,
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
