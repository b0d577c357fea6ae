import { z } from "zod";
import { withRealCommits } from "./pull-requests.ts";
import type { EmbeddedThread, ReviewThreads } from "./review-threads.ts";
import type { Site } from "./route.ts";
import type { ToldBy } from "./told-by.ts";
import type { SentWebhook } from "./webhooks.ts";

export type Review = {
  readonly state: "approved" | "changes_requested" | "commented";
  readonly body: string;
  readonly remarks: ReadonlyArray<{
    readonly path: string;
    readonly line: number | null;
    readonly body: string;
  }>;
};

/** What reviewers do. Whatever causes a webhook waits for the bot's answer. */
export type ReviewPeople = {
  /** Submits a review with its remarks, each a thread of its own. */
  readonly review: (pull: number, review: Review, sender: string) => Promise<SentWebhook>;
  readonly threads: (pull: number) => readonly EmbeddedThread[];
  /** Of the thread that begins with this remark. */
  readonly resolveThread: (firstRemark: number) => void;
};

const Pull = z.looseObject({ head: z.looseObject({ sha: z.string() }) });
export function reviewPeopleOf(site: Site, { look, tell }: ToldBy, threads: ReviewThreads): ReviewPeople {
  const base = `/repos/${site.owner}/${site.name}`;
  let reviews = 0;

  return {
    async review(number, { state, body, remarks }, sender) {
      for (const { path, line, body: said } of remarks)
        threads.begin({ pull: number, path, line }, sender, said);
      const pull = Pull.parse(await withRealCommits(site, await look(`${base}/pulls/${number}`)));
      return tell("pull_request_review", sender, {
        action: "submitted",
        review: {
          id: (reviews += 1),
          user: await look(`/users/${sender}`),
          state,
          body,
          commit_id: pull.head.sha,
          submitted_at: new Date().toISOString(),
        },
        pull_request: pull,
      });
    },
    threads: threads.of,
    resolveThread: threads.resolve,
  };
}
