import { z } from "zod";

/** A remark at a place of the diff; `line` is null for a whole file or where the forge no longer knows it. */
const InlineRemark = z
  .object({
    id: z.int(),
    path: z.string(),
    line: z.int().nullable(),
    side: z.enum(["LEFT", "RIGHT"]).nullable(),
    commit: z.string().nullable(),
    text: z.string(),
  })
  .readonly();

const Commit = z.object({ sha: z.string(), author: z.string() }).readonly();

/** What people did with a pull request of the bot; `at` is the forge's time (ISO 8601), `by` a login. */
export const PullRequestFeedback = z.discriminatedUnion("what", [
  z.object({ what: z.literal("opened"), headSha: z.string(), by: z.string(), at: z.string() }).readonly(),
  z.object({ what: z.literal("reopened"), headSha: z.string(), by: z.string(), at: z.string() }).readonly(),
  z.object({ what: z.literal("closed"), headSha: z.string(), by: z.string(), at: z.string() }).readonly(),
  z
    .object({
      what: z.literal("merged"),
      /** Head of the branch when it was merged: another than the bot's means that people corrected the patch. */
      headSha: z.string(),
      mergeSha: z.string().nullable(),
      by: z.string(),
      at: z.string(),
    })
    .readonly(),
  /** Commits on the bot's branch that are not the bot's. */
  z
    .object({
      what: z.literal("pushed"),
      before: z.string(),
      headSha: z.string(),
      commits: z.array(Commit).readonly(),
      by: z.string(),
      at: z.string(),
    })
    .readonly(),
  z
    .object({
      what: z.literal("reviewed"),
      review: z.int(),
      state: z.enum(["approved", "changes_requested", "commented", "dismissed"]),
      text: z.string(),
      remarks: z.array(InlineRemark).readonly(),
      headSha: z.string(),
      by: z.string(),
      at: z.string(),
    })
    .readonly(),
  /** One remark that came by itself. */
  z.object({ what: z.literal("remarked"), remark: InlineRemark, by: z.string(), at: z.string() }).readonly(),
  /** What somebody thinks of it, in a word and perhaps a reason. */
  z
    .object({
      what: z.literal("rated"),
      rating: z.enum(["good", "bad"]),
      text: z.string(),
      by: z.string(),
      at: z.string(),
    })
    .readonly(),
  z
    .object({
      what: z.literal("checks"),
      /** Of the one check that ended. */
      name: z.string(),
      headSha: z.string(),
      conclusion: z.string(),
      at: z.string(),
    })
    .readonly(),
  z.object({ what: z.literal("issue-reopened"), by: z.string(), at: z.string() }).readonly(),
  /** Pull request `revert`, merged, took this one back. */
  z.object({ what: z.literal("reverted"), revert: z.int(), by: z.string(), at: z.string() }).readonly(),
]);
export type PullRequestFeedback = z.infer<typeof PullRequestFeedback>;

export const FeedbackEvent = z
  .object({
    kind: z.literal("pull-request-feedback"),
    pullRequest: z.int(),
    feedback: PullRequestFeedback,
  })
  .readonly();

/** A commit of a later run of ours added tests to a file of the pull request; hashes of the file's text around it. */
export const TestAddedEvent = z
  .object({
    kind: z.literal("test-added"),
    pullRequest: z.int(),
    commit: z.string(),
    path: z.string(),
    before: z.string().nullable(),
    after: z.string(),
    tests: z.array(z.string()).readonly(),
  })
  .readonly();
