import { z } from "zod";
import type { EmulatedGitHub } from "./emulator.ts";
import { withRealCommits } from "./pull-requests.ts";
import type { EmbeddedThread, ReviewThreads } from "./review-threads.ts";
import type { Site } from "./route.ts";
import type { SentWebhook, Webhooks } from "./webhooks.ts";

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
const Fields = z.record(z.string(), z.unknown());

export function reviewPeopleOf(
  site: Site,
  deps: {
    readonly emulated: Pick<EmulatedGitHub, "as">;
    readonly webhooks: Webhooks;
    readonly threads: ReviewThreads;
    readonly installationId: number;
  },
): ReviewPeople {
  const { emulated, webhooks, threads } = deps;
  const base = `/repos/${site.owner}/${site.name}`;
  const look = async (path: string) => Fields.parse(await emulated.as(site.owner, "GET", path));
  let reviews = 0;

  return {
    async review(number, { state, body, remarks }, sender) {
      for (const { path, line, body: said } of remarks)
        threads.begin({ pull: number, path, line }, sender, said);
      const pull = Pull.parse(await withRealCommits(site, await look(`${base}/pulls/${number}`)));
      const user = await look(`/users/${sender}`);
      return webhooks.send("pull_request_review", {
        action: "submitted",
        review: {
          id: (reviews += 1),
          user,
          state,
          body,
          commit_id: pull.head.sha,
          submitted_at: new Date().toISOString(),
        },
        pull_request: pull,
        repository: await look(base),
        sender: user,
        installation: { id: deps.installationId, node_id: "INSTALLATION" },
      });
    },
    threads: threads.of,
    resolveThread: threads.resolve,
  };
}
